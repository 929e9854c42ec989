// Signature Version 4, both ways: signs requests, and checks a received one by signing it again.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { MINUTE } from '../clock.ts';
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

export function signer(credentials: Credentials, service: string, region: string, applyChecksum = true) {
  return new SignatureV4({
    credentials,
    service,
    region,
    sha256: Sha256,
    applyChecksum,
    // S3 alone signs the path as it is sent ("Create a signed AWS API request").
    uriEscapePath: service !== 's3',
  });
}

type Doubt = 'unsigned' | 'unknownKey' | 'expired' | 'mismatch';

/** What is wrong with a signature, in the words of its protocol; undefined when it proves the owner of `credentials`. */
export async function refusalOf(
  request: WireRequest,
  signature: Signature | undefined,
  credentials: Credentials | undefined,
  now: number,
): Promise<AwsError | undefined> {
  const protocol = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? 'query'
    : 'json';
  const doubt = await doubtOf(request, signature, credentials, now);
  if (!doubt) return undefined;
  const [code, status] = REFUSALS[doubt][protocol];
  return new AwsError(code, WORDS[doubt], status);
}

async function doubtOf(
  request: WireRequest,
  signature: Signature | undefined,
  credentials: Credentials | undefined,
  now: number,
): Promise<Doubt | undefined> {
  if (!signature) return 'unsigned';
  if (!credentials || request.headers['x-amz-security-token'] !== credentials.sessionToken)
    return 'unknownKey';
  // IAM User Guide, "AWS Signature Version 4": a request must arrive within five minutes of its time stamp.
  if (Math.abs(signature.signedAt - now) > 5 * MINUTE) return 'expired';
  return (await signAgain(request, signature, credentials)) === signature.value ? undefined : 'mismatch';
}

async function signAgain(
  request: WireRequest,
  signature: Signature,
  credentials: Credentials,
): Promise<string> {
  const headers: Record<string, string> = {};
  for (const name of signature.signedHeaders) headers[name] = request.headers[name] ?? '';
  // The signer takes a hash it finds in the headers on trust.
  const claimed = headers['x-amz-content-sha256'];
  if (claimed && claimed !== 'UNSIGNED-PAYLOAD' && claimed !== sha256(request.body)) return 'another body';
  const [path = '/', search] = request.path.split('?');
  const signed = await signer(credentials, signature.service, signature.region, Boolean(claimed)).sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: 'localhost',
      path,
      query: queryOf(search),
      headers,
      body: request.body,
    },
    { signingDate: new Date(signature.signedAt), signableHeaders: new Set(signature.signedHeaders) },
  );
  return /Signature=(.*)$/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

function queryOf(search: string | undefined): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value];
  return query;
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

function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A class because the signer wants a constructor; Node's hash because a year of requests goes through it. */
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
