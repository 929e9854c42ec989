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
  return new SignatureV4({ credentials, service, region, sha256: Sha256 });
}

type Doubt = 'unsigned' | 'unknownKey' | 'sessionOver' | 'expired' | 'mismatch';

/** What is wrong with a signature, in the words of its protocol; undefined when it proves the signer. */
export async function refusalOf(
  request: WireRequest,
  signature: Signature | undefined,
  signer: { credentials: Credentials; isExpired?: boolean } | undefined,
  now: number,
): Promise<AwsError | undefined> {
  const protocol = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? 'query'
    : 'json';
  const isOver = signature && signer?.isExpired;
  const doubt = isOver ? 'sessionOver' : await doubtOf(request, signature, signer?.credentials, now);
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
  const claimed = request.headers['x-amz-content-sha256'] ?? UNSIGNED;
  if (claimed !== UNSIGNED && claimed !== sha256(request.body)) return 'mismatch';
  const again = await signedAgain(request, signature, credentials);
  return again?.endsWith(`Signature=${signature.value}`) ? undefined : 'mismatch';
}

/** What the Authorization header would be if the owner of these credentials had sent this. */
async function signedAgain(
  { method, path, headers, body }: WireRequest,
  { service, region, signedHeaders, signedAt }: Signature,
  credentials: Credentials,
): Promise<string | undefined> {
  const own = Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? '']));
  const place = { protocol: 'http:', hostname: headers.host ?? '', path };
  const again = await signer(credentials, service, region).sign(
    { method, ...place, headers: own, body },
    { signingDate: new Date(signedAt) },
  );
  return again.headers.authorization;
}

/** IAM: "Common Errors" of the query protocol; JSON services: "Common Error Types". */
const REFUSALS: Record<Doubt, Record<'query' | 'json', [code: string, status: number]>> = {
  unsigned: {
    query: ['MissingAuthenticationToken', 403],
    json: ['MissingAuthenticationTokenException', 400],
  },
  unknownKey: { query: ['InvalidClientTokenId', 403], json: ['UnrecognizedClientException', 400] },
  sessionOver: { query: ['ExpiredToken', 403], json: ['ExpiredTokenException', 400] },
  expired: { query: ['SignatureDoesNotMatch', 403], json: ['InvalidSignatureException', 400] },
  mismatch: { query: ['SignatureDoesNotMatch', 403], json: ['InvalidSignatureException', 400] },
};

const WORDS: Record<Doubt, string> = {
  unsigned: 'Request is missing Authentication Token',
  unknownKey: 'The security token included in the request is invalid.',
  sessionOver: 'The security token included in the request is expired',
  expired: 'Signature expired or not yet current: it is more than 5 min. away from now.',
  mismatch:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
};

/** As `x-amz-content-sha256` says that the body is not signed. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
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
