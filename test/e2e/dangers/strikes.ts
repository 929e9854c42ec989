// Breaks one call of the worker: it is refused, or the container dies after it.
import type { Call, Fault } from '../../sandbox/servers/wire.ts';
import type { World } from '../mortal-world.ts';

/** How long a call may take to take effect once it is held. */
const EFFECT_MS = 15;

/** Calls of the worker, told by who signs them; nobody else in the sandbox uses the bot's token. */
export function isWorkers({ service, caller }: Call): boolean {
  return service === 'slack' || (caller?.includes('assumed-role/worker/') ?? false);
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
  return { kind: 'hang', takesEffect: true, callerIsDead: true };
}
