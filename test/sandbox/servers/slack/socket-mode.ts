// Slack's Socket Mode: what people do reaches the app over a WebSocket that the app opened. https://docs.slack.dev/apis/events-api/using-socket-mode
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Wire } from '../wire.ts';
import type { HttpAnswer } from './ack.ts';
import { type Input, SlackError } from './method.ts';
import { nextId, type Workspace } from './workspace.ts';

export interface SocketMode {
  /**
   * Hands a request to any one of the connections, as an envelope. What the app acknowledges it with, as its HTTP answer
   * would have been; rejects where it did not. An event waits for the next connection, as its retries would.
   */
  send(request: APIGatewayProxyEventV2): Promise<HttpAnswer>;
  /** Waits no longer for what is not acknowledged: events are sent once more, and whoever pressed sees an error. */
  timeOut(): void;
  /** Tells every connection to go. `link_disabled`: Socket Mode was turned off. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** How many are open. */
  connections(): number;
  close(): void;
}

interface Envelope {
  envelope_id: string;
  type: 'events_api' | 'interactive' | 'slash_commands';
  accepts_response_payload: boolean;
  payload: Input;
  retry_attempt?: number;
  retry_reason?: string;
}

interface Sent {
  envelope: Envelope;
  /** undefined: it waits for one. */
  connection: WebSocket | undefined;
  acknowledged(answer: HttpAnswer): void;
  failed(): void;
}

/** https://docs.slack.dev/apis/events-api/#retries */
const MOST_RETRIES = 3;

export function startSocketMode(workspace: Workspace, wire: Wire): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const sent = new Map<string, Sent>();
  let turn = 0;
  workspace.socketMode = { url: wire.url.replace(/^http/, 'ws'), tickets };

  wire.onUpgrade((request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
    // A ticket is good for one connection.
    if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    server.handleUpgrade(request, socket, head, greet);
  });

  function greet(connection: WebSocket): void {
    connection.on('message', (data) => acknowledge(JSON.parse(String(data))));
    connection.on('close', () => again(({ connection: its }) => its === connection));
    tell(connection, {
      ...{ type: 'hello', num_connections: open().length, connection_info: { app_id: workspace.appId } },
      debug_info: { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 },
    });
    for (const each of sent.values()) if (!each.connection) deliver(each);
  }

  const open = () => [...server.clients].filter(({ readyState, OPEN }) => readyState === OPEN);

  function deliver(each: Sent): void {
    const connections = open();
    each.connection = connections[turn++ % connections.length];
    if (each.connection) tell(each.connection, each.envelope);
  }

  function acknowledge({ envelope_id = '', payload }: { envelope_id?: string; payload?: Input }): void {
    const empty = payload === undefined || Object.keys(payload).length === 0;
    sent.get(envelope_id)?.acknowledged({ statusCode: 200, body: empty ? '' : JSON.stringify(payload) });
    sent.delete(envelope_id);
  }

  function again(which: (each: Sent) => boolean): void {
    for (const each of [...sent.values()].filter(which)) {
      const { envelope } = each;
      const { retry_attempt: tried = 0 } = envelope;
      if (envelope.type === 'events_api' && tried < MOST_RETRIES) {
        each.envelope = { ...envelope, retry_attempt: tried + 1, retry_reason: 'timeout' };
        deliver(each);
      } else {
        sent.delete(envelope.envelope_id);
        each.failed();
      }
    }
  }

  return {
    send(request) {
      return new Promise((acknowledged, reject) => {
        const envelope = { envelope_id: nextId(workspace, 'envelope-'), ...contentOf(request) };
        const failed = () => reject(new SlackError('dispatch_failed'));
        const each: Sent = { envelope, connection: undefined, acknowledged, failed };
        sent.set(envelope.envelope_id, each);
        deliver(each);
        if (!each.connection && envelope.type !== 'events_api') again((one) => one === each);
      });
    },
    timeOut: () => again(() => true),
    disconnect(reason) {
      for (const connection of open())
        tell(connection, { type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } });
    },
    connections: () => open().length,
    close() {
      for (const connection of server.clients) connection.terminate();
    },
  };
}

function tell(connection: WebSocket, message: object): void {
  connection.send(JSON.stringify(message));
}

/** The same that would have been posted, without what only HTTP has: signature, time stamp and encoding. */
function contentOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Omit<Envelope, 'envelope_id'> {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (text.startsWith('{'))
    return { type: 'events_api', accepts_response_payload: false, payload: JSON.parse(text) };
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  return payload === null
    ? { type: 'slash_commands', accepts_response_payload: true, payload: Object.fromEntries(form) }
    : { type: 'interactive', accepts_response_payload: true, payload: JSON.parse(payload) };
}
