// What EventBridge and Lambda do by themselves once keyrotate is deployed: schedules go off, and queues wake the functions.
import { lastDue } from '../../src/adapters/schedules.ts';
import type { Deployed } from '../sandbox/deployed.ts';

export interface Clockwork {
  /** Something may be in a queue. */
  wake(): void;
  /** Resolves once the account was swept. */
  ready: Promise<void>;
  /** Resolves once nothing is under way. */
  stop(): Promise<void>;
}

/** As `TICK_EVERY` has it unless somebody sets it. */
const TICK_MS = 5 * 60_000;
/** SQS hands over what is there at once. */
const LOOK_MS = 500;

export function startClockwork({ functions, queues, environment, aws }: Deployed): Clockwork {
  const { SWEEP_AT = '', SUMMARY_AT = '', TIME_ZONE = 'UTC' } = environment;
  const schedules = { sweep: SWEEP_AT, summary: SUMMARY_AT };
  let lookedAt = Date.now();
  let last: Promise<void> = Promise.resolve();

  const run = (task: string) => functions.scheduler.invoke({ task }).catch(() => undefined);

  /** One after the other: presses come first in each round. */
  function wake(): Promise<void> {
    last = last.then(() => queues.pump()).then(() => undefined);
    return last;
  }

  async function tick(): Promise<void> {
    const since = lookedAt;
    lookedAt = Date.now();
    for (const [task, schedule] of Object.entries(schedules))
      if ((lastDue(schedule, TIME_ZONE, lookedAt) ?? 0) > since) await run(task);
    for (const task of ['tick', 'check']) await run(task);
    await wake();
    aws.wire.forget();
    for (const { forgetLogs } of Object.values(functions)) forgetLogs();
  }

  async function begin(): Promise<void> {
    // The first check of all starts a sweep, and the next tick brings to people what that found.
    await tick();
    await tick();
  }

  const timers = [setInterval(() => void wake(), LOOK_MS), setInterval(() => void tick(), TICK_MS)];
  return {
    wake: () => void wake(),
    ready: begin(),
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await last;
    },
  };
}
