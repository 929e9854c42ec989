// Serves the page and the desk behind it: on loopback, to this page alone.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { allItems } from '../play/items.ts';
import { secretValues } from '../play/outcome.ts';
import { actSchema } from './acts.ts';
import { historyCommand, historyFile } from './auditors-history.ts';
import type { Entry } from './call-log.ts';
import type { Desk } from './desk.ts';
import { callsThatFit, screenFor } from './screen.ts';

export interface Page {
  url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const MOST_BYTES = 64 * 1024;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** @param port 0 for any that is free. Rejects with EADDRINUSE where it is taken. */
export async function servePage(desk: Desk, port: number): Promise<Page> {
  const files = await pageFiles();
  const server = createServer((request, response) => {
    handle(desk, files, request, response).catch((error: Error) => {
      reply(response, error instanceof BadRequest ? 400 : 500, 'text/plain', error.message);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return { url: `http://${HOST}:${portOf(server)}/`, close: () => closed(server) };
}

class BadRequest extends Error {}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface File {
  type: string;
  text: string;
}

async function pageFiles(): Promise<Record<string, File>> {
  const folder = new URL('page/', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [new URL('main.tsx', folder).pathname],
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    target: 'es2022',
    write: false,
  });
  const read = (name: string) => readFile(new URL(name, folder), 'utf8');
  return {
    '/': { type: 'text/html', text: await read('index.html') },
    '/page.css': { type: 'text/css', text: await read('page.css') },
    '/page.js': { type: 'text/javascript', text: outputFiles[0]?.text ?? '' },
  };
}

/** What is answered as JSON, by path. */
const READ: Record<string, (desk: Desk, asked: URLSearchParams) => unknown> = {
  '/screen': (desk, asked) => screenFor(desk, asked.get('person') ?? ''),
  '/items': ({ sandbox }) => allItems(sandbox),
  '/calls': (desk, asked) => callsThatFit(desk, asked.get('find') ?? ''),
  '/log': log,
};

async function handle(
  desk: Desk,
  files: Record<string, File>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isFromThisPage(request)) return reply(response, 403, 'text/plain', 'Only this page may ask.');
  const url = new URL(request.url ?? '/', `http://${HOST}`);
  const file = files[url.pathname];
  if (request.method === 'POST' && url.pathname === '/do') return act(desk, request, response);
  if (request.method !== 'GET') return reply(response, 405, 'text/plain', 'Only GET.');
  if (file) return reply(response, 200, file.type, file.text);
  if (url.pathname === '/changes') return changes(desk, response);
  const read = READ[url.pathname];
  if (read) return json(response, await read(desk, url.searchParams));
  if (url.pathname === '/call') return call(desk, Number(url.searchParams.get('id')), response);
  if (url.pathname === '/history.sh') return reply(response, 200, 'text/plain', historyCommand(desk.sandbox));
  const [, type] = /^\/history\.(csv|jsonl)$/.exec(url.pathname) ?? [];
  if (type) return reply(response, 200, `text/${type}`, await historyFile(desk.sandbox, type === 'jsonl'));
  reply(response, 404, 'text/plain', 'There is nothing here.');
}

/** Another site's page may send requests here, too: by a name of its own that points to this machine, or across origins. */
function isFromThisPage({ headers, socket }: IncomingMessage): boolean {
  const allowed = [`${HOST}:${socket.localPort}`, `localhost:${socket.localPort}`];
  if (!allowed.includes(headers.host ?? '')) return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

async function act(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.headers['content-type']?.startsWith('application/json')) throw new BadRequest('Send JSON.');
  const { data, error } = actSchema.safeParse(await bodyOf(request));
  if (!data) throw new BadRequest(error.message);
  json(response, await desk.do(data));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new BadRequest('That is too much.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequest('That is no JSON.');
  }
}

/** Server-sent events: one for every change. The page then asks what it is. */
function changes(desk: Desk, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write('data: hello\n\n');
  const stop = desk.onChange(() => response.write('data: changed\n\n'));
  response.on('close', stop);
}

function call(desk: Desk, id: number, response: ServerResponse): void {
  const entry = desk.log.entries.find((one) => one.id === id);
  if (entry) json(response, bothSides(desk, entry));
  else reply(response, 404, 'text/plain', 'That call is forgotten.');
}

/** Everything that travelled, for a program to read. */
function log(desk: Desk): unknown[] {
  return desk.log.entries.map((entry) => {
    const { id, at, direction, title, status, requestId } = entry;
    const called = { id, at: new Date(at).toISOString(), direction, title, status, requestId };
    return { ...called, ...bothSides(desk, entry) };
  });
}

/** The secrets are make-believe, and hidden all the same: nobody learns to look for them here. */
function bothSides({ sandbox }: Desk, entry: Entry): { request: string; answer: string } {
  const secrets = secretValues(sandbox);
  const hidden = (text: string) =>
    secrets.reduce(
      (left, value) => left.replaceAll(value, '•••').replaceAll(encodeURIComponent(value), '•••'),
      text,
    );
  return { request: hidden(entry.request()), answer: hidden(entry.answer()) };
}

function json(response: ServerResponse, value: unknown): void {
  reply(response, 200, 'application/json', JSON.stringify(value));
}

function reply(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}
