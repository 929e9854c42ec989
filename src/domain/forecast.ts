// What would be done about each key of an account, from what its credential report and tags say: nothing is on record yet.
import { readExemption } from './exemption.ts';
import { type OwnerTags, ownerCandidates, tagCalled } from './owner.ts';
import { deadline, type Policy, warningAt } from './policy.ts';
import { isAmong } from './protected-users.ts';
import type { Instant } from './time.ts';
import type { ReportedKey } from './usage-history.ts';

/** A key as a credential report has it: without its id. */
export type UnnamedKey = ReportedKey & { active: boolean };

export interface UnnamedUser {
  userName: string;
  /** `/`, or `/ops/`. */
  path: string;
  tags: Readonly<Record<string, string>>;
  keys: readonly UnnamedKey[];
}

/**
 * `waits`: for its age. `replace`: the owner is asked to. `chooseOne`: there are two keys, and the owner is asked which one
 * goes. `findOwner`: admins are asked whose it is. `optedOut`: left alone until a date. `protected`: never touched. `off`:
 * nothing is to be done about a key that is off.
 */
export type Plan = 'waits' | 'replace' | 'chooseOne' | 'findOwner' | 'optedOut' | 'protected' | 'off';

export interface Forecast extends ReportedKey {
  active: boolean;
  userName: string;
  path: string;
  /** Whoever its tags or its name stand for: addresses or Slack ids, not asked of Slack. Several: nobody is believed. */
  named: string[];
  /** By when it is to be replaced. */
  due: Instant;
  plan: Plan;
  /** When that begins, or ends where it is opted out; undefined: now. */
  at: Instant | undefined;
}

export interface Rules {
  policy: Policy;
  ownerTags: OwnerTags;
  protectedUsers: readonly string[];
}

/** A row for each key, the oldest first of those that are on, then those that are off. */
export function forecast(users: readonly UnnamedUser[], rules: Rules, now: Instant): Forecast[] {
  const rows = users.flatMap((user) => {
    const [first = []] = ownerCandidates(user, rules.ownerTags);
    const named = first.map(({ value }) => value);
    return user.keys.map((key): Forecast => {
      const { userName, path } = user;
      const due = deadline(key.lastRotated, rules.policy);
      return { ...key, userName, path, named, due, ...planFor(key, user, named, rules, now) };
    });
  });
  return rows.sort((a, b) => Number(b.active) - Number(a.active) || a.lastRotated - b.lastRotated);
}

function planFor(
  key: UnnamedKey,
  user: UnnamedUser,
  named: readonly string[],
  { policy, ownerTags, protectedUsers }: Rules,
  now: Instant,
): Pick<Forecast, 'plan' | 'at'> {
  if (!key.active) return { plan: 'off', at: undefined };
  if (isAmong(protectedUsers, `${user.path.slice(1)}${user.userName}`))
    return { plan: 'protected', at: undefined };
  const exempt = readExemption(tagCalled(ownerTags.exemptTag, user.tags), now);
  if (exempt?.kind === 'until') return { plan: 'optedOut', at: exempt.until };
  const begins = warningAt(key.lastRotated, policy);
  if (begins > now) return { plan: 'waits', at: begins };
  if (named.length !== 1) return { plan: 'findOwner', at: undefined };
  return { plan: user.keys.length > 1 ? 'chooseOne' : 'replace', at: undefined };
}
