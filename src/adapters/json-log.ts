// Structured logs: one JSON line an event. Facts are a closed list, errors are reduced, and what looks secret is masked.
import type { Log, LogFacts } from '../usecases/ports.ts';
import { figuresOf } from './metrics.ts';
import { maskedSecrets } from './secret-like.ts';

export interface JsonLogOptions {
  write(line: string): void;
  now(): number;
  functionName: string;
  requestId?: string | undefined;
}

export function jsonLog({ write, now, functionName, requestId }: JsonLogOptions): Log {
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, facts: LogFacts = {}): void => {
      const time = now();
      const line = {
        time: new Date(time).toISOString(),
        level,
        event,
        functionName,
        requestId,
        ...listed(facts),
        ...(facts.error !== undefined && { error: described(facts.error, MOST_CAUSES) }),
        ...figuresOf(event, facts, time),
      };
      // Text by text: in the finished line a newline before a secret reads `\n`, and hides where the secret begins.
      write(JSON.stringify(line, (_, value) => (typeof value === 'string' ? masked(value) : value)));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** To the compiler a whole job passes for facts. These are all that is ever written. */
const FACTS: Record<Exclude<keyof LogFacts, 'error'>, true> = {
  ...{ account: true, userName: true, jobId: true, jobKind: true, move: true, stage: true },
  ...{ refusal: true, outcome: true, personId: true, code: true, count: true, line: true },
  ...{ queue: true, sender: true, ms: true, activeKeys: true, overAge: true },
};

function listed(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).filter(([name, value]) => Object.hasOwn(FACTS, name) && isPlain(value)),
  );
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

const MOST_CAUSES = 3;

/** The parts of an error that tell what went wrong. Other properties may hold requests, and are left out. */
function described(error: unknown, causesLeft: number): Record<string, unknown> {
  if (typeof error !== 'object' || error === null) return { name: typeof error };
  const { name, message, code, operation, outcome, requestId, stack, cause } = error as Record<
    string,
    unknown
  >;
  const texts = Object.entries({ name, message, code, operation, outcome, requestId, stack });
  return {
    ...Object.fromEntries(texts.filter(([, value]) => isPlain(value))),
    ...(cause !== undefined && causesLeft > 0 && { cause: described(cause, causesLeft - 1) }),
  };
}

/** The second line of defence: nothing secret should ever get this far. */
const SECRETS: readonly [RegExp, string | ((match: string) => string)][] = [
  [/(?<![A-Za-z0-9])x(?:ox[a-z]|app)-[\w-]+/g, '[slack token]'],
  [/https:\/\/hooks\.slack\.com\/[^"'\s]+/g, '[response url]'],
  [/(?:AKIA|ASIA)[A-Z0-9]{12,}/g, (id) => `…${id.slice(-4)}`],
  [/v0=[0-9a-f]{64}/g, '[signature]'],
  [/signature=[0-9a-f]{64}/gi, '[signature]'],
  [/(?:security-?token|secret_?access_?key)\W{1,6}[A-Za-z0-9/+%=]{16,}/gi, '[secret]'],
];

/** CloudWatch cuts a line that is too long, and half a line is no JSON. */
const LONGEST = 4000;

function masked(text: string): string {
  const safe = SECRETS.reduce(
    (rest, [pattern, mark]) =>
      typeof mark === 'string' ? rest.replace(pattern, mark) : rest.replace(pattern, mark),
    maskedSecrets(text, '[secret?]'),
  );
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}
