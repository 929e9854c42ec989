// The AWS query protocol (Smithy: "AWS query protocol"): form parameters in, XML out.
import type { WireReply } from '../wire.ts';
import type { AwsError } from './service.ts';

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`; every value stays a string. */
export function decodeQuery(body: string): { action: string; input: Record<string, unknown> } {
  const { Action, Version, ...parameters } = Object.fromEntries(new URLSearchParams(body));
  const root: Tree = {};
  for (const [name, value] of Object.entries(parameters)) put(root, name.split('.'), value);
  return { action: Action ?? '', input: plain(root) as Record<string, unknown> };
}

interface Tree {
  [name: string]: Tree | string;
}

function put(tree: Tree, [head = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const branch = tree[head];
  const next = typeof branch === 'object' ? branch : {};
  tree[head] = next;
  put(next, rest, value);
}

function plain(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  // Keys that are whole numbers come out of an object in rising order.
  if (typeof tree.member === 'object') return Object.values(tree.member).map(plain);
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, plain(value)]));
}

export function encodeQuery(action: string, output: Record<string, unknown>, requestId: string): WireReply {
  const result = Object.keys(output).length > 0 ? element(`${action}Result`, output) : '';
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return xml(200, `<${action}Response>${result}${metadata}</${action}Response>`, requestId);
}

export function encodeQueryError(
  { code, message, status }: Pick<AwsError, 'code' | 'message' | 'status'>,
  requestId: string,
): WireReply {
  const Type = status < 500 ? 'Sender' : 'Receiver';
  const body = { Error: { Type, Code: code, Message: message }, RequestId: requestId };
  return xml(status, element('ErrorResponse', body), requestId);
}

function xml(status: number, body: string, requestId: string): WireReply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function element(name: string, value: unknown): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  // IAM answers in whole seconds.
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
