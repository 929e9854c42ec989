// Signature Version 4, both ways: signs requests as the SDK does, and checks received ones by working theirs out again.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { MINUTE } from '../../clock.ts';
import type { WireRequest } from '../wire.ts';
import { AwsError } from './service.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** What a request says about its signer; nothing of it is proven yet. */
export interface Signature {
  accessKeyId: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signedAt: number;
  value: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** IAM User Guide, "Elements of an AWS API request signature": the Authorization header and x-amz-date. */
export function readSignature({ headers }: WireRequest): Signature | undefined {
  const [, accessKeyId, region, service, signedHeaders, value] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '');
  if (!accessKeyId || !region || !service || !signedHeaders || !value || !date) return undefined;
  const [year = 0, month = 0, ...rest] = date.slice(1).map(Number);
  const signedAt = Date.UTC(year, month - 1, ...rest);
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';'), signedAt, value };
}

export function signer(credentials: Credentials, service: string, region: string) {
  return new SignatureV4({
    credentials,
    service,
    region,
    sha256: Sha256,
    // S3 alone signs the path as it is sent ("Create a signed AWS API request").
    uriEscapePath: service !== 's3',
  });
}

type Doubt = 'unsigned' | 'unknownKey' | 'expired' | 'mismatch';

/** What is wrong with a signature, in the words of its protocol; undefined when it proves the owner of `credentials`. */
export function refusalOf(
  request: WireRequest,
  signature: Signature | undefined,
  credentials: Credentials | undefined,
  now: number,
): AwsError | undefined {
  const protocol = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? 'query'
    : 'json';
  const doubt = doubtOf(request, signature, credentials, now);
  if (!doubt) return undefined;
  const [code, status] = REFUSALS[doubt][protocol];
  return new AwsError(code, WORDS[doubt], status);
}

function doubtOf(
  request: WireRequest,
  signature: Signature | undefined,
  credentials: Credentials | undefined,
  now: number,
): Doubt | undefined {
  if (!signature) return 'unsigned';
  if (!credentials || request.headers['x-amz-security-token'] !== credentials.sessionToken)
    return 'unknownKey';
  // IAM User Guide, "AWS Signature Version 4": a request must arrive within five minutes of its time stamp.
  if (Math.abs(signature.signedAt - now) > 5 * MINUTE) return 'expired';
  const claimed = request.headers['x-amz-content-sha256'] ?? UNSIGNED;
  if (claimed !== UNSIGNED && claimed !== sha256(request.body)) return 'mismatch';
  return signAgain(request, signature, credentials) === signature.value ? undefined : 'mismatch';
}

/** IAM User Guide, "Create a signed AWS API request". */
function signAgain(request: WireRequest, signature: Signature, credentials: Credentials): string {
  const time = request.headers['x-amz-date'] ?? '';
  const scope = `${time.slice(0, 8)}/${signature.region}/${signature.service}/aws4_request`;
  const canonical = canonicalRequest(request, signature);
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  return hmac(signingKey(credentials.secretAccessKey, scope), text).toString('hex');
}

function canonicalRequest({ method, path, headers, body }: WireRequest, signature: Signature): string {
  const [resource = '/', search] = path.split('?');
  const { service, signedHeaders } = signature;
  return [
    method,
    // S3 alone signs the path as it is sent.
    service === 's3' ? resource : encodeURIComponent(resource).replaceAll('%2F', '/'),
    canonicalQuery(search),
    ...signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    headers['x-amz-content-sha256'] === UNSIGNED ? UNSIGNED : sha256(body),
  ].join('\n');
}

function canonicalQuery(search: string | undefined): string {
  return [...new URLSearchParams(search)]
    .map((pair) => pair.map(escaped).join('='))
    .sort()
    .join('&');
}

/** RFC 3986, which lets fewer characters stand than encodeURIComponent does. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key serves for a day, a region and a service: it is derived once. */
const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, scope: string): Buffer {
  const id = `${scope} ${secret}`;
  const known = signingKeys.get(id);
  const key = known ?? scope.split('/').reduce(hmac, Buffer.from(`AWS4${secret}`));
  if (!known) signingKeys.set(id, key);
  return key;
}

/** IAM and STS: "Common Errors" of the query protocol; JSON services: "Common Error Types". */
const REFUSALS: Record<Doubt, Record<'query' | 'json', [code: string, status: number]>> = {
  unsigned: {
    query: ['MissingAuthenticationToken', 403],
    json: ['MissingAuthenticationTokenException', 400],
  },
  unknownKey: { query: ['InvalidClientTokenId', 403], json: ['UnrecognizedClientException', 400] },
  expired: { query: ['SignatureDoesNotMatch', 403], json: ['InvalidSignatureException', 400] },
  mismatch: { query: ['SignatureDoesNotMatch', 403], json: ['InvalidSignatureException', 400] },
};

const WORDS: Record<Doubt, string> = {
  unsigned: 'Request is missing Authentication Token',
  unknownKey: 'The security token included in the request is invalid.',
  expired: 'Signature expired or not yet current: it is more than 5 min. away from now.',
  mismatch:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
};

/** As `x-amz-content-sha256` says that the body is not signed. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** A class because the signer wants a constructor. */
class Sha256 {
  #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('not used by the signer');
  }
}
