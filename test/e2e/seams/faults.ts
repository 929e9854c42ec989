// Cuts the wire at one call of the worker: the call is refused, its answer is lost, or the container dies after it.
import type { Call, Fault, RecordedCall } from '../../sandbox/wire.ts';
import type { World } from './world.ts';

export const FAULTS = {
  fails: 'fails at the server',
  lost: 'takes effect but its answer is lost',
  throttled: 'is throttled',
  dies: 'is the last that the container lives to make',
} as const;

export type FaultName = keyof typeof FAULTS;

/** How long a call may take to take effect once it is held. */
const EFFECT_MS = 15;

/** Calls of the worker, told by who signs them; nobody else in the sandbox uses the bot's token. */
export function isWorkers({ service, caller }: Call): boolean {
  return service === 'slack' || (caller?.includes('assumed-role/worker/') ?? false);
}

/** How much has been called and logged so far: the place to count from. */
export interface Mark {
  aws: number;
  slack: number;
  logs: number;
}

export function mark({ sandbox }: World): Mark {
  const { aws, slack, functions } = sandbox;
  return { aws: aws.wire.calls.length, slack: slack.wire.calls.length, logs: functions.worker.logs.length };
}

/** What the worker has called since. */
export function workerCalls({ sandbox }: World, since: Mark): RecordedCall[] {
  const { aws, slack } = sandbox;
  return [...aws.wire.calls.slice(since.aws), ...slack.wire.calls.slice(since.slack)].filter(isWorkers);
}

export interface Strike {
  ask(call: Call): Fault | undefined;
  hasStruck(): boolean;
}

/**
 * The fault strikes the worker's call number `index`, and every repetition of it that the same invocation makes:
 * a client's own retries would otherwise heal most of them.
 */
export function strike(world: World, index: number, name: FaultName): Strike {
  let count = 0;
  let struck: { call: Call; invocation: number } | undefined;
  const ask = (call: Call): Fault | undefined => {
    if (!isWorkers(call)) return undefined;
    if (struck) return repeats(struck, call, world) && name !== 'dies' ? fault(world, call, name) : undefined;
    count += 1;
    if (count - 1 !== index) return undefined;
    struck = { call, invocation: world.events.length };
    return fault(world, call, name);
  };
  return { ask, hasStruck: () => struck !== undefined };
}

function repeats(struck: { call: Call; invocation: number }, call: Call, world: World): boolean {
  const text = ({ service, action, input }: Call) => JSON.stringify([service, action, input]);
  return struck.invocation === world.events.length && text(struck.call) === text(call);
}

function fault(world: World, { service }: Call, name: FaultName): Fault {
  switch (name) {
    case 'fails':
      // Slack says so with status 200, too, and then its client does not spend a second on a retry.
      return service === 'slack'
        ? { kind: 'refuse', status: 200, code: 'internal_error' }
        : { kind: 'refuse', status: 500, code: service === 'iam' ? 'ServiceFailure' : 'InternalServerError' };
    case 'lost':
      return { kind: 'lose' };
    case 'throttled':
      return service === 'slack'
        ? { kind: 'refuse', status: 429, code: 'ratelimited', headers: { 'retry-after': '1' } }
        : { kind: 'refuse', status: 400, code: service === 'iam' ? 'Throttling' : 'ThrottlingException' };
    case 'dies':
      return die(world);
  }
}

/** The first of the worker's calls that fits; all others pass. */
export function once(fits: (call: Call) => boolean, fault: () => Fault): (call: Call) => Fault | undefined {
  let struck = false;
  return (call) => {
    if (struck || !isWorkers(call) || !fits(call)) return undefined;
    struck = true;
    return fault();
  };
}

/** The write that puts a claim on the record: after it the move has begun, and nothing is done yet. */
export function isClaim({ action, input }: Call): boolean {
  return action === 'PutItem' && JSON.stringify(input).includes('"leaseUntil"');
}

export function refusal(code: string, status = 400): Fault {
  return { kind: 'refuse', status, code };
}

/** The call takes effect and is never answered; meanwhile the container is taken away. */
export function die(world: World): Fault {
  setTimeout(() => world.kill(), EFFECT_MS);
  return { kind: 'hang', takesEffect: true };
}
