// Sandboxes that stories play on one after the other: starting one takes longer than many a story.

import { type Backup, setUp, takeBackup } from './backup.ts';
import { DAY, WEEK } from './clock.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

const YEAR = 365.2425 * DAY;

/** Slack's time stamps have ten digits before the point, until 2286. */
const TOO_LATE = Date.UTC(2200);

/** What has happened before a story begins. It is played once in each sandbox, and set up for every other story. */
export interface Opening {
  /** Tells it from all others, with everything that it depends on. */
  name: string;
  play(sandbox: Sandbox): Promise<void>;
}

interface Beginning {
  backup: Backup;
  /** How many ids each account had given out: each story gets the same ones, and so its keys in the same order. */
  minted: Map<string, number>;
}

interface Kept {
  sandbox: Sandbox;
  first: Beginning;
  /** By the opening's name. */
  opened: Map<string, Beginning>;
}

/** By their options: those that nobody plays on. */
const free = new Map<string, Kept[]>();

/**
 * A sandbox as if it had just been started, or as the opening left it, but years later, on the same day of the week. No
 * call and no log is left of the opening. To close it is to give it back.
 */
export async function sharedSandbox(
  options: Omit<SandboxOptions, 'start'> = {},
  opening?: Opening,
): Promise<Sandbox> {
  const kind = JSON.stringify(options);
  const kept = free.get(kind)?.pop() ?? (await start(options));
  await begin(kept, opening ? await opened(kept, opening) : kept.first);
  let isMine = true;
  return {
    ...kept.sandbox,
    async close() {
      if (!isMine) return;
      isMine = false;
      if (kept.sandbox.clock.now() > TOO_LATE) return kept.sandbox.close();
      free.set(kind, [...(free.get(kind) ?? []), kept]);
      kept.sandbox.refuseUngranted();
    },
  };
}

async function start(options: SandboxOptions): Promise<Kept> {
  const sandbox = await startSandbox(options);
  return { sandbox, first: await asItIs(sandbox), opened: new Map() };
}

async function opened(kept: Kept, { name, play }: Opening): Promise<Beginning> {
  const known = kept.opened.get(name);
  if (known) return known;
  await begin(kept, kept.first);
  await play(kept.sandbox);
  kept.sandbox.refuseUngranted();
  const beginning = await asItIs(kept.sandbox);
  kept.opened.set(name, beginning);
  return beginning;
}

async function begin({ sandbox }: Kept, { backup, minted }: Beginning): Promise<void> {
  const { aws, clock } = sandbox;
  await setUp(sandbox, backup, yearsOn(clock.now() - backup.at));
  for (const [account, count] of minted)
    Object.assign(aws.accounts.get(account)?.iam.state ?? {}, { minted: count });
  // What was still under way when the last story ended was its own.
  aws.decisions.length = 0;
}

async function asItIs(sandbox: Sandbox): Promise<Beginning> {
  const accounts = [...sandbox.aws.accounts];
  const minted = new Map(accounts.map(([account, { iam }]) => [account, iam.state.minted]));
  return { backup: await takeBackup(sandbox), minted };
}

/** As many whole weeks as bring back the same time of the year, within four days: summer time begins and ends then. */
function yearsOn(passed: number): number {
  const years = Math.ceil((passed + WEEK) / YEAR);
  return Math.round((years * YEAR) / WEEK) * WEEK;
}
