// Sandboxes that stories play on one after the other: starting one takes longer than many a story.

import { type Backup, setUp, takeBackup } from './backup.ts';
import { DAY, WEEK } from './clock.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

const YEAR = 365.2425 * DAY;

interface Kept {
  sandbox: Sandbox;
  beginning: Backup;
  /** How many ids had been given out: each story gets the same ones, and so its keys in the same order. */
  minted: number;
}

/** By their options: those that nobody plays on. */
const free = new Map<string, Kept[]>();

/** A sandbox as if it had just been started, but years later, on the same day of the week. To close it is to give it back. */
export async function sharedSandbox(options: Omit<SandboxOptions, 'start'> = {}): Promise<Sandbox> {
  const kind = JSON.stringify(options);
  const kept = free.get(kind)?.pop() ?? (await start(options));
  const { aws, clock } = kept.sandbox;
  await setUp(kept.sandbox, kept.beginning, yearsOn(clock.now() - kept.beginning.at));
  aws.iam.state.minted = kept.minted;
  // What was still under way when the last story ended was its own.
  aws.decisions.length = 0;
  let isMine = true;
  return {
    ...kept.sandbox,
    async close() {
      if (!isMine) return;
      isMine = false;
      free.set(kind, [...(free.get(kind) ?? []), kept]);
      kept.sandbox.refuseUngranted();
    },
  };
}

async function start(options: SandboxOptions): Promise<Kept> {
  const sandbox = await startSandbox(options);
  const { minted } = sandbox.aws.iam.state;
  return { sandbox, beginning: await takeBackup(sandbox), minted };
}

/** As many whole weeks as bring back the same time of the year, within four days: summer time begins and ends then. */
function yearsOn(passed: number): number {
  const years = Math.ceil((passed + WEEK) / YEAR);
  return Math.round((years * YEAR) / WEEK) * WEEK;
}
