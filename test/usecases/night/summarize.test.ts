// What admins read: the share, its change, what needs a hand, and what nobody has looked at.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import type { HistoryEntry } from '../../../src/domain/rotation.ts';
import { entryByKeyrotate } from '../../../src/domain/snapshot.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import type { OpenStage } from '../../../src/domain/transitions.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { RefusedSweep, SweepFigures } from '../../../src/usecases/jobs.ts';
import { type Summary, type SummaryRecord, shareOf } from '../../../src/usecases/night/gathered-summary.ts';
import { gatherSummary, postSummary } from '../../../src/usecases/night/summarize.ts';
import type {
  AccessKeys,
  KeySecret,
  Log,
  Messenger,
  Ports,
  Records,
  RefusedLook,
  Users,
  Vault,
} from '../../../src/usecases/ports.ts';
import { keysAt, MORE_TIME, NOW, POLICY, rotationAt, userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';

const PROD = '111122223333';
const TEST = '444455556666';

/** A week and more past its deadline. */
const late = <S extends OpenStage>(stage: S) => ({
  ...rotationAt(stage),
  contactedAt: NOW - 20 * DAY,
  oldKeyCreatedAt: NOW - 99 * DAY,
});

const figures = (account: string, changes: Partial<SweepFigures> = {}): SweepFigures => ({
  ...{ account, sweptAt: NOW - HOUR, users: 10, activeKeys: 10, withinAge: 8 },
  ...{ unreadable: [], unreadableCount: 0, ...changes },
});

function world(given: {
  sweeps?: SweepFigures[];
  open?: IamUser[];
  last?: SummaryRecord;
  preview?: string[];
  looks?: RefusedLook[];
  refusals?: RefusedSweep[];
  secrets?: KeySecret[] | 'unanswered';
}) {
  const { sweeps = [figures(PROD), figures(TEST)], open = [], preview = [], looks = [] } = given;
  const { secrets = [], refusals = [] } = given;
  const counted: [string, number, number][] = [];
  const posted: Summary[] = [];
  let last = given.last;
  const ports = only<Ports>({
    accounts: [PROD, TEST],
    now: () => NOW,
    policy: (account) => ({ ...POLICY, mode: preview.includes(account) ? 'preview' : 'live' }),
    log: only<Log>({ warn: () => {} }),
    vault: (account) =>
      only<Vault>({
        async *secrets() {
          if (secrets === 'unanswered') throw new OutsideError('busy', 'ListSecrets', 'Throttling');
          yield* secrets.filter((secret) => secret.account === account);
        },
      }),
    keys: () =>
      only<AccessKeys>({
        async *all() {
          yield { userName: 'lives', userId: 'AIDALIVES', arn: '', createdAt: 0, tags: {} };
        },
      }),
    users: only<Users>({
      async *listed(account) {
        yield* open.filter((user) => user.account === account);
      },
      countClosed: async (account, from, until) => {
        counted.push([account, from, until]);
        return 2;
      },
    }),
    timeLeft: () => 60_000,
    records: only<Records>({
      latestSweep: async (account) => sweeps.find((one) => one.account === account),
      latestSummary: async () => last,
      refusedSweep: async (account) => refusals.find((one) => one.account === account),
      refusedLooks: async (account) => looks.filter((look) => look.account === account),
      saveSummary: async (record) => {
        last = record;
      },
    }),
    messenger: only<Messenger>({
      postSummary: async (summary) => {
        posted.push(summary);
      },
    }),
  });
  return { ports, counted, posted, last: () => last };
}

/** Overdue by so many days. */
const overdueBy = (days: number, userName: string, changes: Partial<IamUser> = {}): IamUser => {
  const rotation = { ...rotationAt('due'), oldKeyCreatedAt: NOW - (90 + days) * DAY };
  return userAt('due', { userName, rotation, ...changes });
};

const names = (items: readonly { userName: string }[]) => items.map(({ userName }) => userName);

describe('the share of keys within the age', () => {
  it('is that of all accounts together', async () => {
    const sweeps = [figures(PROD), figures(TEST, { activeKeys: 30, withinAge: 30 })];
    const summary = await gatherSummary(world({ sweeps }).ports);
    expect(summary).toMatchObject({ activeKeys: 40, withinAge: 38 });
    expect(shareOf(summary)).toBe(0.95);
  });

  it('is the whole where there is no key at all', () => {
    expect(shareOf({ activeKeys: 0, withinAge: 0 })).toBe(1);
  });

  it('is told beside the one of the last summary', async () => {
    const last = { jobId: 'summary@before', at: NOW - 7 * DAY, share: 0.5 };
    expect(await gatherSummary(world({ last }).ports)).toMatchObject({ since: last.at, shareBefore: 0.5 });
  });

  it('has nothing beside it the first time', async () => {
    const summary = await gatherSummary(world({}).ports);
    expect(summary).not.toHaveProperty('since');
    expect(summary).not.toHaveProperty('shareBefore');
  });
});

describe('of many accounts', () => {
  it('one that does not answer holds up none of the others, and each list goes by accounts', async () => {
    const { ports } = world({});
    const accounts = Array.from({ length: 20 }, (_, nth) => String(100_000_000_000 + nth));
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const asked: string[] = [];
    const records = only<Records>({
      ...ports.records,
      async latestSweep(account) {
        asked.push(account);
        // The first is heard of when all others have been.
        if (asked.length === accounts.length) answer();
        if (account === accounts[0]) await answered;
        return undefined;
      },
    });
    const summary = await gatherSummary({ ...ports, accounts, records });
    expect(summary.accounts.notSwept.map(({ account }) => account)).toEqual(accounts);
  });

  it('those for which there is no time are named, and the rest is told', async () => {
    const { ports } = world({});
    let left = 16_000;
    const summary = await gatherSummary({ ...ports, timeLeft: () => (left -= 600) });
    expect(summary.leftOut).toContain(TEST);
    expect(summary.accounts.swept).toBeGreaterThan(0);
  });

  it('one that AWS has shut is not asked for its secrets', async () => {
    const { ports } = world({
      refusals: [{ account: PROD, at: NOW, operation: 'AssumeRole', code: 'AccessDenied' }],
    });
    const asked: string[] = [];
    const vault: Ports['vault'] = (account) => {
      asked.push(account);
      return ports.vault(account);
    };
    await gatherSummary({ ...ports, vault });
    expect(asked).toEqual([TEST]);
  });
});

describe('a sweep', () => {
  it.each([
    ['of an hour ago', HOUR, true],
    ['of exactly 36 hours ago', 36 * HOUR, true],
    ['older than 36 hours', 36 * HOUR + 1, false],
  ])('%s counts: %j', async (_, age, counts) => {
    const sweeps = [figures(PROD, { sweptAt: NOW - age }), figures(TEST)];
    const { accounts, activeKeys } = await gatherSummary(world({ sweeps }).ports);
    expect({ accounts, activeKeys }).toEqual({
      accounts: {
        inPreview: 0,
        configured: 2,
        swept: counts ? 2 : 1,
        notSwept: counts ? [] : [{ account: PROD }],
      },
      activeKeys: counts ? 20 : 10,
    });
  });

  it('that never was is told as missing', async () => {
    const { accounts } = await gatherSummary(world({ sweeps: [figures(TEST)] }).ports);
    expect(accounts).toEqual({ inPreview: 0, configured: 2, swept: 1, notSwept: [{ account: PROD }] });
  });

  it.each([
    ['since, and so nothing of it counts', NOW - 1, true],
    ['before, and is over', NOW - 2 * HOUR, false],
  ])('that AWS refused %s', async (_, at, counts) => {
    const refused = { operation: 'AssumeRole', code: 'AccessDenied' };
    const sweeps = [figures(PROD, { sweptAt: NOW - HOUR }), figures(TEST)];
    const { accounts } = await gatherSummary(
      world({ sweeps, refusals: [{ account: PROD, at, ...refused }] }).ports,
    );
    expect(accounts.notSwept).toEqual(
      counts ? [{ account: PROD, refused: expect.objectContaining(refused) }] : [],
    );
  });

  it('of an account whose root has keys says so', async () => {
    const sweeps = [figures(PROD, { rootKeys: 1 }), figures(TEST, { rootKeys: 0 })];
    expect((await gatherSummary(world({ sweeps }).ports)).rootKeys).toEqual([{ account: PROD, count: 1 }]);
  });

  it('names whoever it could not look at, and why, as far as no later one could', async () => {
    const look = { account: PROD, userName: 'app-1', code: 'missing_scope' };
    const sweeps = [figures(PROD), figures(TEST)];
    const looks = [
      { ...look, at: NOW - HOUR + 1 },
      { ...look, userName: 'app-2', at: NOW - HOUR - 1 },
    ];
    const { notLookedAt } = await gatherSummary(world({ sweeps, looks }).ports);
    expect(notLookedAt.filter(({ account }) => account === PROD).map(({ userName }) => userName)).toContain(
      'app-1',
    );
    expect(notLookedAt.map(({ userName }) => userName)).not.toContain('app-2');
  });

  it('with unreadable rows is told with their number and the first', async () => {
    const unreadable = [{ line: 3, why: 'a date' }];
    const sweeps = [figures(PROD, { unreadable, unreadableCount: 25 }), figures(TEST)];
    expect((await gatherSummary(world({ sweeps }).ports)).unreadable).toEqual([
      { account: PROD, count: 25, first: { line: 3, why: 'a date' } },
    ]);
  });
});

describe('open rotations', () => {
  it('are counted by stage, over all accounts', async () => {
    const open = [
      userAt('due'),
      userAt('due', { account: TEST }),
      userAt('postponed'),
      userAt('issued'),
      userAt('confirmed'),
      userAt('deactivated'),
      userAt('retired'),
      userAt('deleted'),
    ];
    expect((await gatherSummary(world({ open }).ports)).stages).toEqual({
      ...{ due: 2, postponed: 1, issued: 1, confirmed: 1, deactivated: 1, retired: 1 },
    });
  });

  it('are listed with the oldest first, whatever the matter', async () => {
    const owner: IamUser['owner'] = { kind: 'nobody', why: 'none', named: [] };
    const open = [overdueBy(1, 'young', { owner }), overdueBy(300, 'ancient', { owner })];
    const { noOwner } = await gatherSummary(world({ open }).ports);
    expect(noOwner.map(({ userName }) => userName)).toEqual(['ancient', 'young']);
  });

  it('that are overdue are listed, the oldest first, from the day on', async () => {
    const open = [
      overdueBy(1, 'young'),
      overdueBy(300, 'ancient', { account: TEST }),
      overdueBy(0, 'today'),
      overdueBy(-1, 'tomorrow'),
      overdueBy(30, 'old'),
    ];
    const { overdue } = await gatherSummary(world({ open }).ports);
    expect(names(overdue)).toEqual(['ancient', 'old', 'young', 'today']);
    expect(overdue[0]).toMatchObject({ account: TEST, ageDays: 390 });
  });

  it('whose key is off are not overdue: it harms nobody', async () => {
    const rotation = { ...rotationAt('deactivated'), oldKeyCreatedAt: NOW - 400 * DAY };
    const { overdue } = await gatherSummary(world({ open: [userAt('deactivated', { rotation })] }).ports);
    expect(overdue).toEqual([]);
  });

  it('without an owner are listed, and so is what keeps failing or is stranded', async () => {
    const failure = { since: NOW - DAY, what: 'look', code: 'AccessDenied' };
    const open = [
      userAt('due', { userName: 'orphan', owner: { kind: 'nobody', why: 'ambiguous', named: ['a', 'b'] } }),
      userAt('due', { userName: 'failing', failure }),
      userAt('due', { userName: 'stranded', stranded: ['AKIAONE', 'AKIATWO'] }),
    ];
    const summary = await gatherSummary(world({ open }).ports);
    expect(names(summary.noOwner)).toEqual(['orphan']);
    expect(summary.failing).toMatchObject([{ userName: 'failing', ...failure }]);
    expect(summary.stranded).toEqual([
      { account: PROD, userName: 'stranded', keyId: 'AKIAONE' },
      { account: PROD, userName: 'stranded', keyId: 'AKIATWO' },
    ]);
  });

  it('in preview are listed as those who would have been asked, if anybody', async () => {
    const nobody: Owner = { kind: 'nobody', why: 'none', named: [] };
    const open = [
      userAt('due', { account: TEST, userName: 'previewed' }),
      userAt('due', { account: TEST, userName: 'orphan', owner: nobody }),
      userAt('due', { userName: 'live' }),
    ];
    const summary = await gatherSummary(world({ open, preview: [TEST] }).ports);
    expect(names(summary.preview)).toEqual(['previewed']);
    expect(names(summary.noOwner)).toEqual(['orphan']);
  });
});

describe('what waits for an admin', () => {
  const by = { kind: 'person', slackId: 'U0ANA', as: 'owner' } as const;
  const until = NOW + 60 * DAY;
  const request = { until, why: 'an audit', by, at: NOW };
  const summaryOf = (...open: IamUser[]) => gatherSummary(world({ open }).ports);

  it('is where the owner is gone, or another is named since', async () => {
    const to: Owner = { kind: 'person', slackId: 'U0BEN', from: 'mailTag' };
    const summary = await summaryOf(
      userAt('due', { userName: 'left', owner: { kind: 'nobody', why: 'left', named: ['U0LEA'] } }),
      userAt('due', { userName: 'disowned', owner: { kind: 'nobody', why: 'disowned', named: ['U0ANA'] } }),
      userAt('due', { userName: 'in-doubt', ownerChange: { to, at: NOW } }),
    );
    expect(names(summary.ownerLeft)).toEqual(['left']);
    expect(names(summary.notMine)).toEqual(['disowned']);
    expect(summary.noOwner).toEqual([]);
    expect(summary.ownerChanged).toMatchObject([{ userName: 'in-doubt', to }]);
  });

  it('is what was asked, agreed, and not answered', async () => {
    const due = rotationAt('due');
    const summary = await summaryOf(
      userAt('due', { userName: 'asked', rotation: { ...due, request } }),
      userAt('postponed', { userName: 'agreed' }),
      userAt('due', { userName: 'both', rotation: { ...due, bothNeeded: { at: NOW, by } } }),
      userAt('issued', { userName: 'silent', rotation: late('issued') }),
      userAt('retired', { userName: 'off', rotation: rotationAt('retired') }),
    );
    expect(summary.timeAsked).toMatchObject([{ userName: 'asked', until, why: 'an audit' }]);
    expect(summary.postponed).toMatchObject([
      { userName: 'agreed', until: MORE_TIME.until, why: MORE_TIME.why },
    ]);
    expect(names(summary.bothNeeded)).toEqual(['both']);
    expect(names(summary.unanswered)).toEqual(['silent']);
  });

  it('is a silence only of whoever was asked and can be reached', async () => {
    const { contactedAt: _, ...untold } = { ...late('issued'), openedAt: NOW - 20 * DAY };
    const failure = { since: NOW, what: 'message', code: 'account_inactive' };
    const summary = await summaryOf(
      userAt('issued', { userName: 'untold', rotation: untold }),
      userAt('issued', { userName: 'unreached', rotation: late('issued'), failure }),
    );
    expect(names(summary.unasked)).toEqual(['untold']);
    expect(names(summary.failing)).toEqual(['unreached']);
    expect(summary.unanswered).toEqual([]);
  });

  it('is what was asked for while a key is replaced, too', async () => {
    const stages = ['postponed', 'issued', 'confirmed'] as const;
    const summary = await summaryOf(
      ...stages.map((stage) =>
        userAt(stage, { userName: stage, rotation: { ...rotationAt(stage), request } }),
      ),
    );
    expect(names(summary.timeAsked)).toEqual(stages);
  });

  it('is an owner in doubt between rotations, too', async () => {
    const to: Owner = { kind: 'person', slackId: 'U0BEN', from: 'mailTag' };
    const summary = await summaryOf(userAt('deleted', { userName: 'idle', ownerChange: { to, at: NOW } }));
    expect(summary.ownerChanged).toMatchObject([{ userName: 'idle', to }]);
  });

  it('is an IAM user of whose keys none works', async () => {
    const rotation = { ...rotationAt('deactivated'), newKeyOutSince: NOW - DAY };
    const keys = keysAt('deactivated').map((key) => ({ ...key, status: 'Inactive' as const }));
    const summary = await summaryOf(
      userAt('deactivated', { userName: 'dark', rotation, keys }),
      userAt('deactivated'),
    );
    expect(names(summary.nothingWorks)).toEqual(['dark']);
  });

  it('is a silence only until a person does something, which failed for none', async () => {
    const silentSince = (userName: string, change: Partial<HistoryEntry>) => {
      const created = entryByKeyrotate(
        { at: NOW - HOUR, jobId: 'click-1', keys: [] },
        { what: 'createKey', from: 'due', to: 'issued' },
      );
      const history = [{ ...created, by, ...change }];
      return userAt('issued', { userName, rotation: { ...late('issued'), history } });
    };
    const summary = await summaryOf(
      silentSince('answered', {}),
      silentSince('earlier', { at: NOW - 7 * DAY }),
      silentSince('failed', { outcome: 'failed' }),
      silentSince('by-itself', { by: { kind: 'keyrotate' } }),
    );
    expect(names(summary.unanswered)).toEqual(['earlier', 'failed', 'by-itself']);
  });

  it('is who has opted out, with the date, or without one that counts; also where nothing is open', async () => {
    const { rotation: _, ...idle } = userAt('due', {
      userName: 'vendor',
      exempt: { kind: 'until', until, why: 'contract' },
    });
    const unclear = userAt('due', { userName: 'unclear', exempt: { kind: 'unclear', text: 'for ever' } });
    const { exempt } = await summaryOf(idle, unclear);
    expect(exempt).toMatchObject([
      { userName: 'vendor', until, why: 'contract' },
      { userName: 'unclear', why: 'for ever' },
    ]);
    expect(exempt[1]).not.toHaveProperty('until');
  });
});

describe('secrets of users that are gone', () => {
  const secretOf = (userId: string, more: Partial<KeySecret> = {}): KeySecret => ({
    ...{ account: PROD, userName: userId.toLowerCase(), userId, createdAt: NOW - DAY },
    ...{ readers: 'todays', isOurs: true, ...more },
  });

  it('are told with the oldest first, in each account; not those of others, nor what is deleted already', async () => {
    const secrets = [
      secretOf('AIDALIVES'),
      secretOf('AIDAONE'),
      secretOf('AIDAOLD', { createdAt: NOW - 9 * DAY }),
      secretOf('AIDAFOREIGN', { isOurs: false }),
      secretOf('AIDADELETED', { scheduledBy: '' }),
      secretOf('AIDATWO', { account: TEST }),
    ];
    const { secretsOfGone } = await gatherSummary(world({ secrets }).ports);
    expect(names(secretsOfGone)).toEqual(['aidaold', 'aidaone', 'aidatwo']);
    expect(secretsOfGone[0]).toMatchObject({ account: PROD, since: NOW - 9 * DAY });
  });

  it('are left out when AWS does not list them: the rest is worth having', async () => {
    expect(await gatherSummary(world({ secrets: 'unanswered' }).ports)).toMatchObject({
      secretsOfGone: [],
      activeKeys: 20,
    });
  });
});

describe('what was finished', () => {
  it('is counted since the last summary, in every account', async () => {
    const last = { jobId: 'summary@before', at: NOW - 3 * DAY, share: 1 };
    const { ports, counted } = world({ last });
    expect((await gatherSummary(ports)).finished).toBe(4);
    expect(counted).toEqual([
      [PROD, last.at, NOW],
      [TEST, last.at, NOW],
    ]);
  });

  it('is counted over the last seven days the first time', async () => {
    const { ports, counted } = world({});
    await gatherSummary(ports);
    expect(counted[0]).toEqual([PROD, NOW - 7 * DAY, NOW]);
  });
});

describe('the summary', () => {
  const job = { kind: 'summarize', id: 'summary@now' } as const;

  it('is posted once per job, however often that is delivered, and remembered for the next', async () => {
    const { ports, posted, last } = world({});
    await postSummary(job, ports);
    await postSummary(job, ports);
    expect(posted).toHaveLength(1);
    expect(last()).toEqual({ jobId: job.id, at: NOW, share: 0.8 });
  });

  it('is posted again by another job', async () => {
    const { ports, posted } = world({});
    await postSummary(job, ports);
    await postSummary({ ...job, id: 'summary@later' }, ports);
    expect(posted).toHaveLength(2);
  });

  it('that could not be posted is not remembered as posted', async () => {
    const { ports, last } = world({});
    ports.messenger.postSummary = () => Promise.reject(new Error('channel_not_found'));
    await expect(postSummary(job, ports)).rejects.toThrow('channel_not_found');
    expect(last()).toBeUndefined();
  });
});
