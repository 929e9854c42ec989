// Sandboxes that stories play on one after the other: starting one takes longer than many a story.
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
import { type Snapshot, setUp, takeSnapshot } from './snapshot.ts';

/** The same day of the week in the same season: a year of whole weeks. */
const A_YEAR = { weeks: 52 };

interface Kept {
  sandbox: Sandbox;
  beginning: Snapshot;
}

/** By their options: those that nobody plays on. */
const free = new Map<string, Kept[]>();

/** A sandbox as if it had just been started, but years later. To close it is to give it back. */
export async function sharedSandbox(options: Omit<SandboxOptions, 'start'> = {}): Promise<Sandbox> {
  const kind = JSON.stringify(options);
  const kept = free.get(kind)?.pop() ?? (await start(options));
  await setUp(kept.sandbox, kept.beginning, A_YEAR);
  let isMine = true;
  return {
    ...kept.sandbox,
    async close() {
      if (!isMine) return;
      isMine = false;
      free.set(kind, [...(free.get(kind) ?? []), kept]);
      const { aws, refuseUngranted } = kept.sandbox;
      try {
        refuseUngranted();
      } finally {
        aws.decisions.length = 0;
      }
    },
  };
}

async function start(options: SandboxOptions): Promise<Kept> {
  const sandbox = await startSandbox(options);
  return { sandbox, beginning: await takeSnapshot(sandbox) };
}
