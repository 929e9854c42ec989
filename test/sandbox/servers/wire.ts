// One HTTP server on loopback in front of a backend: every call is recorded, and any call can be interfered with.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';

export interface WireRequest {
  method: string;
  /** Path with query string, as sent. */
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface WireReply {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** What a request asks for, known before it takes effect. */
export interface Call {
  service: string;
  action: string;
  /** The decoded parameters. */
  input: Record<string, unknown>;
  /** Who asks: a principal ARN, a bot token's name, or undefined when the request proves nobody. */
  caller: string | undefined;
  /** The ARN (or channel) acted on, where the backend can tell. */
  resource?: string;
}

export interface RecordedCall extends Call {
  at: number;
  /** It came over a connection that had carried another call before. */
  reusesConnection: boolean;
  requestBody: string;
  /** undefined while the call is under way, or when its answer was never sent. */
  reply?: WireReply;
  /** What the service did, also where nobody was told. */
  effect?: WireReply;
}

/**
 * What to do to one call. `lose`: it takes effect, the answer is lost. `hang`: never answered, before or after taking
 * effect; whose container is dead waits for no answer. `answer`: something else is answered in its place.
 */
export type Fault =
  | { kind: 'refuse'; status: number; code: string; message?: string; headers?: Record<string, string> }
  | { kind: 'lose' }
  | { kind: 'hang'; takesEffect: boolean; callerIsDead?: true }
  | { kind: 'answer'; reply: WireReply };

/** Asked before every call; undefined lets it pass. May be slow, to hold a call back. */
export type Interference = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** A service behind the wire. `read` changes nothing; `perform` answers its own errors in its own protocol and throws only on a bug. */
export interface Backend {
  read(request: WireRequest): Call | Promise<Call>;
  perform(call: Call, request: WireRequest): Promise<WireReply>;
  /** An error in this protocol's own shape. */
  refusal(call: Call, fault: { status: number; code: string; message?: string }): WireReply;
}

export interface Wire {
  readonly url: string;
  /** Every call so far, oldest first. */
  readonly calls: readonly RecordedCall[];
  /** Forgets the calls so far. */
  forget(): void;
  /** Resolves once no call is under way, held back or being performed: also those whose caller has given up. */
  idle(): Promise<void>;
  /** Calls `then` again and again while somebody waits for an answer that will not come, and has waited long enough to be believed. */
  whenHopeless(then: () => void): void;
  /** Replaces the interference; undefined removes it. */
  interfere(interference: Interference | undefined): void;
  /** Gets whoever wants to speak something else than HTTP, a WebSocket say. */
  onUpgrade(listener: (message: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): Promise<void>;
}

/** What is answered at all is answered sooner, also by a busy machine. */
const HOPELESS_AFTER_MS = 100;
const TOLD_EVERY_MS = 10;

/** Starts the server on a free loopback port. */
export async function startWire(clock: Clock, backend: Backend): Promise<Wire> {
  const calls: RecordedCall[] = [];
  const underWay = new Set<Promise<void>>();
  const used = new WeakSet<Socket>();
  const hopeless: (() => void)[] = [];
  let interference: Interference | undefined;

  function leaveHanging(response: ServerResponse): void {
    if (response.closed) return;
    const since = performance.now();
    const telling = setInterval(() => {
      if (performance.now() - since > HOPELESS_AFTER_MS) for (const then of hopeless) then();
    }, TOLD_EVERY_MS);
    response.on('close', () => clearInterval(telling));
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    const call = await backend.read(request);
    // The very call that the backend performs, so that what came of it can be traced back.
    const record: RecordedCall = Object.assign(call, {
      at: clock.now(),
      reusesConnection: used.has(message.socket),
      requestBody: request.body.toString('utf8'),
    });
    used.add(message.socket);
    calls.push(record);
    const fault = await interference?.(call);
    if (fault?.kind === 'refuse') {
      record.reply = withHeaders(backend.refusal(call, fault), fault.headers);
      return send(response, record.reply);
    }
    if (fault?.kind === 'answer') {
      record.reply = fault.reply;
      return send(response, fault.reply);
    }
    if (fault?.kind === 'hang' && !fault.callerIsDead) leaveHanging(response);
    if (fault?.kind === 'hang' && !fault.takesEffect) return;
    const reply = await backend.perform(call, request);
    record.effect = reply;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'lose') {
      response.destroy();
      return;
    }
    record.reply = reply;
    send(response, reply);
  }

  const server = createServer((message, response) => {
    const work = answer(message, response)
      .catch((error: Error) => send(response, { status: 599, body: `sandbox bug: ${error.stack}` }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    forget() {
      calls.length = 0;
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    whenHopeless(then) {
      hopeless.push(then);
    },
    interfere(next) {
      interference = next;
    },
    onUpgrade: (listener) => void server.on('upgrade', listener),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  await new Promise((resolve, reject) => {
    message
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', resolve)
      .on('error', reject);
  });
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(',') : (value ?? '');
  return { method: message.method ?? 'GET', path: message.url ?? '/', headers, body: Buffer.concat(chunks) };
}

function withHeaders(reply: WireReply, headers: Record<string, string> = {}): WireReply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function send(response: ServerResponse, reply: WireReply): void {
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}
