// What the strings in a policy match: wildcards, ARNs, and the conditions the sandbox knows.
import type { Caller } from './service.ts';

/** What the policies need to know of whoever asks. */
export type Principal = Pick<Caller, 'account' | 'arn' | 'principalArn' | 'userId' | 'orgId'>;

/** What conditions can ask about a request. */
export interface Circumstances {
  caller: Principal;
  viaService?: string;
  /** Without TLS. */
  isPlain?: boolean;
  /** What the service itself tells of a request, by condition key in small letters; a key that is absent was not said. */
  context?: Record<string, string>;
}

type Conditions = Record<string, Record<string, string | string[]>>;

type Test = (wanted: string, actual: string) => boolean;

/** "IAM JSON policy elements: Condition operators". ArnEquals takes wildcards, as ArnLike does. */
const TESTS: Record<string, Test> = {
  String: (wanted, actual) => wanted === actual,
  Arn: arnLike,
  Bool: (wanted, actual) => wanted === actual,
  Numeric: (wanted, actual) => Number(wanted) === Number(actual),
};

const OPERATOR = /^(?:(String|Arn|Numeric)(Not)?Equals|(Arn)Like|(Bool))(IfExists)?$/;

/** Whether all operators and keys agree: "Conditions with multiple context keys or values". */
export function conditionsHold(conditions: Conditions, circumstances: Circumstances): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), keyOf(key, circumstances))),
  );
}

/** Throws at any operator or key that is not emulated, whether or not the statement would be reached. */
export function refuseUnknownConditions(conditions: Conditions): void {
  for (const [operator, keys] of Object.entries(conditions)) {
    if (!OPERATOR.test(operator)) throw unemulated(`condition operator ${operator}`);
    for (const key of Object.keys(keys))
      if (!KEYS[key.toLowerCase()]) throw unemulated(`condition key ${key}`);
  }
}

/** Several values: one is enough, or for a negated operator none may match. A missing key fails, unless negated. */
function holds(operator: string, wanted: string[], actual: string | undefined): boolean {
  const [, compared, not, arn, bool, ifExists] = OPERATOR.exec(operator) ?? [];
  const test = TESTS[compared ?? arn ?? bool ?? ''];
  if (!test) throw unemulated(`condition operator ${operator}`);
  if (actual === undefined) return Boolean(not ?? ifExists);
  return wanted.some((value) => test(value, actual)) !== Boolean(not);
}

/**
 * "AWS global condition context keys", "AWS KMS condition keys", "Condition keys for AWS Secrets Manager" and those of AWS
 * STS; names are case-insensitive.
 */
const KEYS: Record<string, (circumstances: Circumstances) => string | undefined> = {
  'aws:userid': ({ caller }) => caller.userId,
  'aws:principalarn': ({ caller }) => caller.principalArn,
  'aws:principalorgid': ({ caller }) => caller.orgId,
  // Nobody here is one of AWS's services.
  'aws:principalisawsservice': () => 'false',
  // The wire stands for TLS.
  'aws:securetransport': ({ isPlain = false }) => String(!isPlain),
  'sts:externalid': ({ context }) => context?.['sts:externalid'],
  'kms:viaservice': ({ viaService }) => viaService,
  'secretsmanager:recoverywindowindays': ({ context }) => context?.['secretsmanager:recoverywindowindays'],
};

function keyOf(key: string, circumstances: Circumstances): string | undefined {
  const read = KEYS[key.toLowerCase()];
  if (!read) throw unemulated(`condition key ${key}`);
  return read(circumstances);
}

/** `*` for any run of characters, `?` for one; all else literally. */
export function like(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const known = matchers.get(pattern);
  const matcher = known ?? matcherOf(pattern);
  if (!known) matchers.set(pattern, matcher);
  return matcher.test(text);
}

/** Every call is decided by the same few patterns. */
const matchers = new Map<string, RegExp>();

function matcherOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}

/** Each of the six parts on its own: a wildcard never crosses a colon between them. */
export function arnLike(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  return wanted.length === 6 && actual.length === 6 && wanted.every((part, i) => like(part, actual[i] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}

export function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}

export function unemulated(what: string): Error {
  return new Error(`the sandbox does not emulate this: ${what}`);
}
