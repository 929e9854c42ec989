// Structured logs: one JSON line an event. Facts are a closed list, errors are reduced, and what looks secret is masked.
import type { Log, LogFacts } from '../usecases/ports.ts';

export interface JsonLogOptions {
  write(line: string): void;
  now(): number;
  functionName: string;
  requestId?: string | undefined;
}

export function jsonLog({ write, now, functionName, requestId }: JsonLogOptions): Log {
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, { error, ...facts }: LogFacts = {}): void => {
      const line = {
        time: new Date(now()).toISOString(),
        level,
        event,
        functionName,
        requestId,
        ...facts,
        ...(error !== undefined && { error: described(error, 0) }),
      };
      write(masked(JSON.stringify(line)));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const MOST_CAUSES = 3;

/** The parts of an error that tell what went wrong. Other properties may hold requests, and are left out. */
function described(error: unknown, depth: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack, cause } = error;
  const { code, operation, outcome } = error as { code?: unknown; operation?: unknown; outcome?: unknown };
  return {
    name,
    message,
    ...texts({ code, operation, outcome }),
    ...(depth === 0 && stack !== undefined && { stack }),
    ...(cause !== undefined && depth < MOST_CAUSES && { cause: described(cause, depth + 1) }),
  };
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The second line of defence: nothing secret should ever get this far. */
const SECRETS: readonly [RegExp, string | ((match: string) => string)][] = [
  [/\bxox[a-z]-[\w-]+/g, '[slack token]'],
  [/https:\/\/hooks\.slack\.com\/[^"\\\s]+/g, '[response url]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, (id) => `…${id.slice(-4)}`],
  [/\bv0=[0-9a-f]{64}\b/g, '[signature]'],
  [/(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, masksWhatLooksRandom],
];

function masked(line: string): string {
  return SECRETS.reduce(
    (text, [pattern, mark]) =>
      typeof mark === 'string' ? text.replace(pattern, mark) : text.replace(pattern, mark),
    line,
  );
}

/** AWS secret keys are 40 characters of base64; a path of that length has no digits and capitals mixed like that. */
function masksWhatLooksRandom(text: string): string {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) ? '[secret?]' : text;
}
