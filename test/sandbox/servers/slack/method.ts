// What every Web API method is to the server: a scope it needs, and a function from its arguments to its answer.
import type { Clock } from '../../clock.ts';
import type { Channel, Member, Workspace } from './workspace.ts';

export interface Slack {
  workspace: Workspace;
  clock: Clock;
}

export type Input = Record<string, unknown>;

export interface Method {
  scope?: string;
  /** It takes the app-level token, and no other does. https://docs.slack.dev/authentication/tokens#app */
  appLevel?: true;
  /** Throws SlackError for every documented refusal. */
  run(input: Input, slack: Slack): Record<string, unknown>;
}

/** A refusal as Slack words it: `code` is what `error.data.error` will show. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

/** A refusal with Slack's list of complaints. https://docs.slack.dev/apis/web-api/#evaluating-responses */
export function complaints(code: string, messages: string[]): SlackError {
  const details = { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } };
  return new SlackError(code, code === 'invalid_blocks' ? { errors: messages, ...details } : details);
}

export function text(input: Input, name: string): string | undefined {
  const value = input[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function required(input: Input, name: string): string {
  const value = text(input, name);
  if (!value)
    throw complaints('invalid_arguments', [`missing required field: ${name} [json-pointer:/${name}]`]);
  return value;
}

export function isYes(input: Input, name: string): boolean {
  return ['true', '1'].includes(text(input, name) ?? '');
}

// https://docs.slack.dev/authentication/tokens: the answer names what is needed and what the token has
export function requireScope({ scopes }: { scopes: readonly string[] }, needed: string): void {
  if (scopes.includes(needed)) return;
  throw new SlackError('missing_scope', { needed, provided: scopes.join(',') });
}

export function knownMember({ members }: Workspace, id: string): Member {
  const member = members.get(id);
  if (!member) throw new SlackError('user_not_found');
  return member;
}

/** A private channel the bot is not in looks to it like none at all. */
export function knownChannel({ channels, bot }: Workspace, id: string): Channel {
  const channel = channels.get(id);
  if (!channel || (channel.is_private && !channel.members.includes(bot.userId)))
    throw new SlackError('channel_not_found');
  return channel;
}

/** One page of a list, 100 unless asked, and the cursor of the next. https://docs.slack.dev/apis/web-api/pagination */
export function page<T>(input: Input, items: T[]): { items: T[]; next: string } {
  const start = decodeCursor(text(input, 'cursor'));
  const end = start + (Number(text(input, 'limit')) || 100);
  return { items: items.slice(start, end), next: end < items.length ? encodeCursor(end) : '' };
}

function encodeCursor(offset: number): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}

function decodeCursor(cursor: string | undefined): number {
  if (!cursor) return 0;
  const [, offset] = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (offset === undefined) throw new SlackError('invalid_cursor');
  return Number(offset);
}
