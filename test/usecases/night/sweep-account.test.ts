// The walk over one account: whom it points at, what it counts, and whom it does not believe.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Person } from '../../../src/domain/owner.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { SHARD_HOLDS, shardOf } from '../../../src/domain/usage-ledger.ts';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import type { SweepFigures, UpkeepJob } from '../../../src/usecases/jobs.ts';
import { sweepAccount } from '../../../src/usecases/night/sweep-account.ts';
import type {
  IamUserFacts,
  Jobs,
  LogFacts,
  ReadReport,
  ReportRow,
  Users,
} from '../../../src/usecases/ports.ts';
import { NOW, POLICY, userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';

const ACCOUNT = '111122223333';
/** Reminders start 14 days before the 90 are over. */
const WARNING_AGE = 76 * DAY;
const MADE_AT = NOW - 90 * MINUTE;

type Report =
  | (Omit<ReadReport, 'rootKeys'> & Partial<Pick<ReadReport, 'rootKeys'>>)
  | 'notReady'
  | OutsideError;

const OWN = 'prod in eu-central-1';

const CI: IamUserFacts = {
  ...{ userName: 'ci', userId: userAt('due').userId, arn: userAt('due').arn, createdAt: NOW - 400 * DAY },
  tags: { 'keyrotate:owner': 'U0ANA' },
};
const ANA: Person = { slackId: 'U0ANA', name: 'ana', timeZone: 'Europe/Madrid' };

const key = (age: number, active = true) => ({ active, lastRotated: NOW - age });

function row(userName: string, keys: ReportRow['keys'], account = ACCOUNT): ReportRow {
  return { userName, account, path: '/', keys };
}

/** `first`: the live deployment that was there first. `listed`: the users of the account, as IAM lists them. */
interface Others {
  listed?: IamUserFacts[] | OutsideError;
  members?: Person[];
  policy?: Policy;
  first?: string;
  isLive?: boolean;
}

async function* each<T>(items: readonly T[] | OutsideError): AsyncIterable<T> {
  if (items instanceof OutsideError) throw items;
  yield* items;
}

async function sweep(
  report: Report,
  open: IamUser[] = [],
  job = { id: 'sweep@noon', account: ACCOUNT },
  { listed = [], members = [], policy = POLICY, first = OWN, isLive = true }: Others = {},
) {
  const queued: UpkeepJob[] = [];
  const logged: [string, LogFacts | undefined][] = [];
  const fetched: string[] = [];
  const log = (event: string, facts?: LogFacts) => logged.push([event, facts]);
  const outcome = await sweepAccount(
    { kind: 'sweep', ...job },
    {
      accounts: [ACCOUNT],
      policy: () => policy,
      ownerTags: { ownerTag: 'keyrotate:owner', mailTag: 'mail', exemptTag: 'keyrotate:exempt' },
      keys: () => ({ all: () => each(listed) }),
      people: () => each(members),
      users: only<Users>({ listedWithTime: () => each(open.map((user) => ({ user, foundAt: NOW }))) }),
      jobs: only<Jobs>({
        put: async (jobs) => {
          queued.push(...jobs);
        },
      }),
      reports: (account) => ({
        fetch: async () => {
          fetched.push(account);
          if (report instanceof OutsideError) throw report;
          return report === 'notReady' ? report : { rootKeys: [], ...report, madeAt: MADE_AT };
        },
      }),
      deployment: OWN,
      isLive,
      deployments: async () => [
        { name: 'trial in us-east-1', since: NOW - 2 * DAY, isPreview: true },
        { name: first, since: NOW - DAY, isPreview: false },
        { name: 'dev in us-east-1', since: NOW, isPreview: false },
      ],
      isProtected: (user) => user === 'ops/root-like',
      log: { info: log, warn: log, error: log },
      now: () => NOW,
    },
  ).then(
    () => 'done',
    (error: unknown) => error,
  );
  return { outcome, queued, logged, fetched };
}

async function pointedAt(rows: ReportRow[], open: IamUser[] = [], others: Others = {}): Promise<string[]> {
  const { queued } = await sweep({ rows, unreadable: [] }, open, undefined, others);
  return queued.flatMap((job) => (job.kind === 'inspect' ? [job.userName] : []));
}

async function figuresOf(rows: ReportRow[], unreadable: { line: number; why: string }[] = []) {
  const { queued } = await sweep({ rows, unreadable });
  const found = queued.flatMap((job): SweepFigures[] => (job.kind === 'recordSweep' ? [job.figures] : []));
  expect(found).toHaveLength(1);
  return found[0];
}

describe('a sweep that AWS refuses', () => {
  const refused = (operation: string, outcome: 'refused' | 'busy' = 'refused') =>
    new OutsideError(outcome, operation, 'AccessDenied');

  it('since the account does not let keyrotate in is over: what AWS said is all that is queued', async () => {
    const { outcome, queued } = await sweep(refused('AssumeRole'));
    expect(outcome).toBe('done');
    expect(queued).toEqual([
      {
        kind: 'recordRefusedSweep',
        id: 'sweep@noon/111122223333/refused',
        refused: { account: ACCOUNT, at: NOW, operation: 'AssumeRole', code: 'AccessDenied' },
      },
    ]);
  });

  it('for any other cause is on record, too, and comes back', async () => {
    const { outcome, queued } = await sweep(refused('GenerateCredentialReport'));
    expect(outcome).toMatchObject({ operation: 'GenerateCredentialReport' });
    expect(queued.map(({ kind }) => kind)).toEqual(['recordRefusedSweep']);
  });

  it('for a moment only is not on record, and comes back', async () => {
    const { outcome, queued } = await sweep(refused('AssumeRole', 'busy'));
    expect(outcome).toMatchObject({ outcome: 'busy' });
    expect(queued).toEqual([]);
  });
});

describe('a sweep points at', () => {
  it('users with a key at its warning age, to the millisecond, or beyond it', async () => {
    const rows = [
      row('young', [key(WARNING_AGE - 1)]),
      row('due', [key(WARNING_AGE)]),
      row('old', [key(400 * DAY)]),
      row('second-slot', [key(DAY), key(WARNING_AGE)]),
      row('none', []),
    ];
    expect(await pointedAt(rows)).toEqual(['due', 'old', 'second-slot']);
  });

  it('nobody for a key that is off', async () => {
    expect(await pointedAt([row('parked', [key(400 * DAY, false), key(DAY)])])).toEqual([]);
  });

  it('users with an open rotation, whatever the report says of them', async () => {
    const open = [
      userAt('issued', { userName: 'replaced' }),
      userAt('deactivated', { userName: 'off' }),
      userAt('due', { userName: 'gone-from-the-report' }),
    ];
    const rows = [row('replaced', [key(DAY)]), row('off', [key(400 * DAY, false)])];
    expect(await pointedAt(rows, open)).toEqual(['replaced', 'off', 'gone-from-the-report']);
  });

  it('users that have opted out, so that it is noticed when they no longer do', async () => {
    const { rotation: _, ...exempt } = userAt('due', { userName: 'opted-out' });
    expect(await pointedAt([row('opted-out', [key(DAY)])], [exempt])).toEqual(['opted-out']);
  });

  it('nobody who is on record as the report and the list of users show them', async () => {
    const rows = [row('ci', [{ ...key(83 * DAY), lastUsed: NOW - 48 * HOUR }])];
    const open = [userAt('due', { userName: 'ci' })];
    expect(await pointedAt(rows, open, { listed: [CI], members: [ANA] })).toEqual([]);
    expect(await pointedAt(rows, open, { listed: [CI] })).toEqual(['ci']);
  });

  it('users whose tags name somebody else by now, or whose owner is no member any more', async () => {
    const rows = [row('ci', [{ ...key(83 * DAY), lastUsed: NOW - 48 * HOUR }])];
    const open = [userAt('due', { userName: 'ci' })];
    const retagged = { ...CI, tags: { 'keyrotate:owner': 'ben@example.com' } };
    const ben: Person = { slackId: 'U0BEN', name: 'ben', email: 'ben@example.com', timeZone: 'UTC' };
    expect(await pointedAt(rows, open, { listed: [retagged], members: [ANA, ben] })).toEqual(['ci']);
    const left = { ...ANA, barred: 'deactivated' as const };
    expect(await pointedAt(rows, open, { listed: [CI], members: [left] })).toEqual(['ci']);
  });

  it('everybody on record where AWS does not give the list of users', async () => {
    const rows = [row('ci', [{ ...key(83 * DAY), lastUsed: NOW - 48 * HOUR }])];
    const open = [userAt('due', { userName: 'ci' })];
    const refuses = new OutsideError('refused', 'GetAccountAuthorizationDetails', 'AccessDenied');
    expect(await pointedAt(rows, open, { listed: refuses, members: [ANA] })).toEqual(['ci']);
  });

  it('each user once', async () => {
    const open = [userAt('due', { userName: 'ci' })];
    expect(await pointedAt([row('ci', [key(400 * DAY), key(300 * DAY)])], open)).toEqual(['ci']);
  });
});

describe('the jobs of a sweep', () => {
  it('go to upkeep, with ids that name the sweep, the account and the user; the figures come before looks, which may take hours', async () => {
    const { queued, outcome } = await sweep({ rows: [row('ci', [key(80 * DAY)])], unreadable: [] });
    expect(outcome).toBe('done');
    expect(queued).toEqual([
      { kind: 'recordSweep', id: 'sweep@noon/111122223333', figures: expect.anything() },
      {
        kind: 'inspect',
        id: 'sweep@noon/111122223333/ci',
        account: ACCOUNT,
        userName: 'ci',
      },
      {
        kind: 'recordUse',
        id: `sweep@noon/111122223333/use/${shardOf('ci').shard}`,
        account: ACCOUNT,
        ...shardOf('ci'),
        report: expect.anything(),
      },
      { kind: 'admitReaders', id: 'sweep@noon/111122223333/readers', account: ACCOUNT },
    ]);
  });

  it('have the same ids when the sweep is repeated, and others in the next one', async () => {
    const report = { rows: [row('ci', [key(80 * DAY)])], unreadable: [] };
    const ids = async (id: string) =>
      (await sweep(report, [], { id, account: ACCOUNT })).queued.map((job) => job.id);
    expect(await ids('sweep@1')).toEqual(await ids('sweep@1'));
    const both = [...(await ids('sweep@1')), ...(await ids('sweep@2'))];
    expect(new Set(both).size).toBe(8);
  });
});

describe('how keys are used', () => {
  const usesIn = async (rows: ReportRow[], unreadable: { line: number; why: string }[] = []) => {
    const { queued } = await sweep({ rows, unreadable });
    return queued.flatMap((job) => (job.kind === 'recordUse' ? [job] : []));
  };

  it('is recorded of every key, on or off, as of the moment the report was made', async () => {
    const keys = [{ ...key(2 * DAY), lastUsed: NOW - DAY }, key(DAY, false)];
    expect(await usesIn([row('ci', keys), row('none', [])])).toMatchObject([
      {
        report: {
          at: MADE_AT,
          isWhole: true,
          users: [
            {
              userName: 'ci',
              keys: [{ lastRotated: NOW - 2 * DAY, lastUsed: NOW - DAY }, { lastRotated: NOW - DAY }],
            },
          ],
        },
      },
    ]);
  });

  it('says so where a row could not be read: somebody may be missing', async () => {
    const jobs = await usesIn([row('ci', [key(DAY)])], [{ line: 3, why: 'a date' }]);
    expect(jobs).toMatchObject([{ report: { isWhole: false } }]);
  });

  it('goes with all users of a name’s part of the account, each once, and never with too many', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `app-${n}`);
    const jobs = await usesIn(names.map((name) => row(name, [key(DAY)])));
    for (const { shard, report } of jobs)
      expect(report.users.map(({ userName }) => userName)).toEqual(
        names.filter((name) => shardOf(name).shard === shard),
      );
    expect(jobs.flatMap(({ report }) => report.users)).toHaveLength(40);

    const sameShard = Array.from({ length: 8000 }, (_, n) => `app-${n}`).filter(
      (name) => shardOf(name).shard === 0,
    );
    expect(sameShard.length).toBeGreaterThan(SHARD_HOLDS);
    const [full] = await usesIn(sameShard.map((name) => row(name, [key(DAY)])));
    expect(full?.report.users).toHaveLength(SHARD_HOLDS);
  });
});

describe('the figures of a sweep', () => {
  it('count users, those that are protected, active keys, and those within the age', async () => {
    const rows = [
      { ...row('root-like', []), path: '/ops/' },
      row('young', [key(DAY), key(DAY, false)]),
      row('just-within', [key(90 * DAY - 1)]),
      row('just-over', [key(90 * DAY), key(2 * DAY)]),
      row('parked', [key(400 * DAY, false)]),
    ];
    expect(await figuresOf(rows)).toEqual({
      account: ACCOUNT,
      sweptAt: NOW,
      reportedAt: MADE_AT,
      users: 5,
      activeKeys: 4,
      withinAge: 3,
      rootKeys: 0,
      protectedUsers: 1,
      unreadable: [],
      unreadableCount: 0,
    });
  });

  it('count all rows that could not be read, and keep the first twenty', async () => {
    const unreadable = Array.from({ length: 25 }, (_, i) => ({ line: i + 2, why: 'a date' }));
    const figures = await figuresOf([], unreadable);
    expect(figures).toMatchObject({ unreadableCount: 25, unreadable: unreadable.slice(0, 20) });
  });

  it('count the keys of the root, which nobody can be asked about', async () => {
    const { queued } = await sweep({
      rows: [row('fine', [key(19 * DAY)])],
      rootKeys: [key(10 * 365 * DAY), key(5, false)],
      unreadable: [],
    });
    expect(queued[0]).toMatchObject({
      figures: { users: 1, activeKeys: 2, withinAge: 1, rootKeys: 1 },
    });
  });

  it('are recorded also for an account without users', async () => {
    expect(await figuresOf([])).toMatchObject({ users: 0, activeKeys: 0, withinAge: 0 });
  });
});

describe('a row that cannot be read', () => {
  it('does not keep the others from being looked at, and is logged by its line', async () => {
    const { queued, logged } = await sweep({
      rows: [row('ci', [key(80 * DAY)])],
      unreadable: [{ line: 7, why: 'what somebody wrote' }],
    });
    expect(queued.map((job) => job.kind)).toEqual(['recordSweep', 'inspect', 'recordUse', 'admitReaders']);
    expect(logged).toContainEqual(['sweep.unreadableRow', { account: ACCOUNT, line: 7 }]);
    expect(JSON.stringify(logged)).not.toContain('somebody');
  });
});

describe('a sweep beside another deployment', () => {
  const old = { rows: [row('ci', [key(400 * DAY)])], unreadable: [] };
  const job = { id: 'sweep@noon', account: ACCOUNT };

  it('is not made where the other was there first, and is live', async () => {
    const { outcome, queued, fetched } = await sweep(old, [], job, { first: 'prod in us-east-1' });
    expect({ outcome, queued, fetched }).toEqual({ outcome: 'done', queued: [], fetched: [] });
  });

  it('is made in preview, which writes to nobody', async () => {
    const { queued } = await sweep(old, [], job, { first: 'prod in us-east-1', isLive: false });
    expect(queued.map(({ kind }) => kind)).toContain('inspect');
  });

  it('is made where it was there first', async () => {
    const { queued } = await sweep(old);
    expect(queued.map(({ kind }) => kind)).toContain('inspect');
  });
});

describe('a sweep refuses', () => {
  it('a report with a row of another account, and believes nothing of it', async () => {
    const rows = [row('ci', [key(400 * DAY)]), row('ci', [key(400 * DAY)], '999988887777')];
    const { outcome, queued } = await sweep({ rows, unreadable: [] });
    expect(outcome).toEqual(new Error('the credential report of 111122223333 is that of 999988887777'));
    expect(queued).toEqual([]);
  });

  it('an account that may not be touched, without asking AWS', async () => {
    const job = { id: 'sweep@noon', account: '999988887777' };
    const { outcome, queued, fetched, logged } = await sweep({ rows: [], unreadable: [] }, [], job);
    expect({ outcome, queued, fetched }).toEqual({ outcome: 'done', queued: [], fetched: [] });
    expect(logged).toEqual([['sweep.accountNotAllowed', { account: '999988887777' }]]);
  });
});

it('a sweep comes back when the report is not made yet, and has done nothing so far', async () => {
  const { outcome, queued } = await sweep('notReady');
  expect(outcome).toBeInstanceOf(TryLater);
  expect(outcome instanceof TryLater && outcome.seconds).toBeGreaterThanOrEqual(10);
  expect(queued).toEqual([]);
});
