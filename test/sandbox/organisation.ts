// The organisation that the sandbox is seeded with: people in Slack, and their IAM users in every untidy state.

import { type Clock, DAY, HOUR } from './clock.ts';
import type { Iam } from './servers/aws/iam.ts';
import { addChannel, addMember, type Workspace } from './servers/slack/workspace.ts';

/** The people, by first name. */
export interface People {
  ana: string;
  ben: string;
  chloe: string;
  dan: string;
  /** The admin, on the security team. */
  sam: string;
  /** A guest, and an account that has been closed. */
  gus: string;
  lena: string;
}

export interface Organisation {
  people: People;
  adminChannel: string;
  /** A private channel where Ana, Ben and the bot are. */
  teamChannel: string;
}

export function foundOrganisation(workspace: Workspace): Organisation {
  const person = (first: string, last: string, tz: string, more: object = {}) =>
    addMember(workspace, {
      name: first.toLowerCase(),
      real_name: `${first} ${last}`,
      email: `${first.toLowerCase()}@example.com`,
      tz,
      ...more,
    }).id;
  const people = {
    ana: person('Ana', 'García', 'Europe/Madrid'),
    ben: person('Ben', 'Okafor', 'Europe/London'),
    chloe: person('Chloé', 'Martin', 'Europe/Paris', { email: 'chloe@example.com' }),
    dan: person('Dan', 'Lee', 'America/New_York'),
    sam: person('Sam', 'Rivera', 'Europe/Madrid'),
    gus: person('Gus', 'Guest', 'Europe/Madrid', { is_restricted: true }),
    lena: person('Lena', 'Gone', 'Europe/Berlin', { deleted: true }),
  };
  const adminChannel = addChannel(workspace, {
    name: 'security-keys',
    members: [people.sam, workspace.bot.userId],
  });
  const teamChannel = addChannel(workspace, {
    name: 'payments-team',
    is_private: true,
    members: [people.ana, people.ben, workspace.bot.userId],
  });
  return { people, adminChannel: adminChannel.id, teamChannel: teamChannel.id };
}

interface SeededKey {
  /** Days before now. */
  age: number;
  status?: 'Active' | 'Inactive';
  /** Hours before now; never used when left out. */
  usedHoursAgo?: number;
  service?: string;
}

export interface SeededUser {
  name: string;
  path?: string;
  tags?: Record<string, string>;
  keys: SeededKey[];
}

/** The IAM users, one for every situation that must be told apart. */
export function seededUsers(people: People): SeededUser[] {
  const owner = (tag: string) => ({ 'keyrotate:owner': tag });
  const used = (age: number): SeededKey => ({ age, usedHoursAgo: 2, service: 's3' });
  return [
    // nearing its age: the one the demo follows
    { name: 'ci-deploy', tags: owner('ana@example.com'), keys: [used(83)] },
    // overdue, and its owner wants it gone
    {
      name: 'legacy-etl',
      tags: owner(people.ben),
      keys: [{ age: 212, usedHoursAgo: 100 * 24, service: 'sqs' }],
    },
    // nobody's business yet
    { name: 'fresh-app', tags: owner('ana@example.com'), keys: [used(10)] },
    // two keys, both at work
    {
      name: 'two-keys',
      tags: { mail: 'Chloe@Example.com' },
      keys: [used(95), { age: 12, usedHoursAgo: 0.2, service: 'ecr' }],
    },
    // its only key is off
    { name: 'parked', tags: owner('ben@example.com'), keys: [{ age: 300, status: 'Inactive' }] },
    // overdue beside an inactive key that takes up the slot
    {
      name: 'one-inactive',
      tags: owner('dan@example.com'),
      keys: [used(120), { age: 400, status: 'Inactive' }],
    },
    { name: 'never-used', tags: owner('dan@example.com'), keys: [{ age: 100 }] },
    // nobody is named at all, two people are, somebody left, somebody is a guest
    { name: 'no-owner', keys: [used(150)] },
    { name: 'two-owners', tags: owner('ana@example.com ben@example.com'), keys: [used(91)] },
    { name: 'left-behind', tags: owner('lena@example.com'), keys: [used(99)] },
    { name: 'guest-owned', tags: owner('gus@example.com'), keys: [used(88)] },
    // the name is the owner; a name that Secrets Manager does not take as it is; one that looks like an ARN's suffix
    { name: 'chloe@example.com', path: '/people/', keys: [used(89)] },
    { name: 'reports,monthly', tags: owner('ben@example.com'), keys: [used(90)] },
    { name: 'backup-a1B2c3', tags: owner('dan@example.com'), keys: [used(78)] },
    // no key, and therefore nothing to rotate
    { name: 'console-only', tags: owner('ana@example.com'), keys: [] },
  ];
}

export function seedIam(iam: Iam, clock: Clock, users: SeededUser[], region: string): void {
  for (const { name, path, tags = {}, keys } of users) {
    const oldest = Math.max(0, ...keys.map((key) => key.age));
    iam.addUser(name, { createdAt: clock.now() - (oldest + 1) * DAY, tags, ...(path && { path }) });
    for (const key of keys) {
      iam.addKey(name, {
        createdAt: clock.now() - key.age * DAY,
        status: key.status ?? 'Active',
        ...(key.usedHoursAgo !== undefined && {
          lastUsed: { at: clock.now() - key.usedHoursAgo * HOUR, service: key.service ?? 's3', region },
        }),
      });
    }
  }
}
