// Everything that travels, in the order it began: Slack's requests to the app, and the app's calls to AWS and Slack.
import type { Call, RecordedCall } from '../servers/wire.ts';

export interface Entry {
  id: number;
  /** Epoch milliseconds, by the sandbox's clock. */
  at: number;
  direction: 'to keyrotate' | 'to AWS' | 'to Slack';
  title: string;
  /** HTTP status of the answer; undefined while there is none. */
  status: number | undefined;
  /** What AWS calls it by, once it has answered. */
  requestId: string | undefined;
  request: () => string;
  answer: () => string;
}

export interface CallLog {
  readonly entries: readonly Entry[];
  add(call: Call): void;
  /** Slack's request to the app. */
  send(
    at: number,
    title: string,
    request: unknown,
  ): { answered(reply: { statusCode: number; body?: string }): void };
  clear(): void;
}

export function callLog(): CallLog {
  // All of them: the wires remember them as well, and a history names the oldest, too.
  let entries: Entry[] = [];
  let last = 0;
  const push = (entry: Omit<Entry, 'id'>): void => {
    last += 1;
    const kept = Object.defineProperties({}, Object.getOwnPropertyDescriptors(entry)) as Entry;
    kept.id = last;
    entries.push(kept);
  };
  return {
    get entries() {
      return entries;
    },
    add(call) {
      const recorded = call as RecordedCall;
      const { service, action, resource } = call;
      push({
        at: recorded.at,
        direction: service === 'slack' ? 'to Slack' : 'to AWS',
        title: [service === 'slack' ? '' : `${service} `, action, resource ? ` ${resource}` : ''].join(''),
        get status() {
          return recorded.reply?.status;
        },
        get requestId() {
          // Also of what was done, and whose answer was lost.
          return (recorded.reply ?? recorded.effect)?.headers?.['x-amzn-requestid'];
        },
        request: () => recorded.requestBody,
        answer: () => recorded.reply?.body ?? 'no answer',
      });
    },
    send(at, title, request) {
      let reply: { statusCode: number; body?: string } | undefined;
      push({
        at,
        direction: 'to keyrotate',
        title,
        get status() {
          return reply?.statusCode;
        },
        requestId: undefined,
        request: () => bodyOf(request),
        answer: () => reply?.body || '(empty)',
      });
      return {
        answered(given) {
          reply = given;
        },
      };
    },
    clear() {
      entries = [];
    },
  };
}

/** A form carries its payload as JSON: shown is what a person can read. */
function bodyOf(request: unknown): string {
  const { body = '', isBase64Encoded } = request as { body?: string; isBase64Encoded?: boolean };
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  const form = new URLSearchParams(text);
  return form.get('payload') ?? JSON.stringify(Object.fromEntries(form));
}
