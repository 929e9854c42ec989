// An account of some size, with owners in Slack, on the project's own sandbox.
import type { Clock } from '../sandbox/clock.ts';
import { type SeededUser, seedIam } from '../sandbox/organisation.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { addMember, type Member } from '../sandbox/servers/slack/workspace.ts';

export interface WorldSettings {
  /** IAM users, how many of them have a key that a night finds, and among how many owners they are spread. */
  users: number;
  due: number;
  owners: number;
  /** Whether tags name owners by mail address or by Slack id. */
  tags?: 'mail' | 'id';
  /** So many IAM users more, of one more owner. */
  owned?: number;
  clock?: Clock;
}

export interface World {
  sandbox: Sandbox;
  owners: Member[];
  /** Of all `owned`. */
  one: Member;
}

/** A Monday, when sweeps begin. */
export const NIGHT = new Date('2027-01-04T03:00:00Z');
/** Owners live in Madrid: at nine they may be written to. */
export const MORNING = new Date('2027-01-04T08:00:00Z');

const ADDED_MS = 20;
/** One user in five has two keys. */
const SECOND_KEYS = 5;

export async function startWorld({
  users,
  due,
  owners,
  tags = 'mail',
  owned = 0,
  clock,
}: WorldSettings): Promise<World> {
  const params = { MAX_NEW_PER_DAY: '100000' };
  const sandbox = await startSandbox({ start: NIGHT, seed: 'nobody', params, ...(clock && { clock }) });
  const { workspace } = sandbox.slack;
  const people = Array.from({ length: owners }, (_, nth) =>
    addMember(workspace, { name: `owner-${nth}`, tz: 'Europe/Madrid' }),
  );
  const one = addMember(workspace, { name: 'owner-of-many', tz: 'Europe/Madrid' });
  const tagged = (owner: Member | undefined) => ({
    'keyrotate:owner': (tags === 'mail' ? owner?.email : owner?.id) ?? '',
  });
  const seeded = Array.from({ length: users }, (_, nth): SeededUser => {
    const isDue = nth < due;
    const second = nth % SECOND_KEYS === SECOND_KEYS - 1 && !isDue ? [{ age: 5, usedHoursAgo: 3 }] : [];
    return {
      name: `app-${nth}`,
      tags: tagged(people[nth % owners]),
      keys: [{ age: isDue ? 80 : 10, usedHoursAgo: 5 }, ...second],
    };
  });
  const ofOne = Array.from({ length: owned }, (_, nth) => ({
    name: `many-${nth}`,
    tags: tagged(one),
    keys: [{ age: 10, usedHoursAgo: 5 }],
  }));
  seedIam(sandbox.aws.iam, sandbox.clock, [...seeded, ...ofOne], sandbox.organisation.region);
  sandbox.forget();
  return { sandbox, owners: people, one };
}

/** Each call takes as long as over a network, however near the servers are. */
export function farAway({ aws, slack }: Sandbox): void {
  const wait = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ADDED_MS));
  aws.wire.interfere(wait);
  slack.wire.interfere(wait);
}
