// What the use cases work on: the real store, and an IAM, a Slack and queues of which a test can tell and see all.
import { beforeEach } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import type { IamUser, IamUserId } from '../../src/domain/iam-user.ts';
import type { Card, MatterKind } from '../../src/domain/message.ts';
import { type Owner, ownerMark, type Person } from '../../src/domain/owner.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { OwnList } from '../../src/usecases/commands/answers.ts';
import { OutsideError } from '../../src/usecases/errors.ts';
import type { HealthNotice } from '../../src/usecases/health/findings.ts';
import type { Command, CommandJob, SweepJob, WorkerJob } from '../../src/usecases/jobs.ts';
import type {
  AccessKeys,
  DeadLetters,
  Directory,
  Installation,
  Jobs,
  Messenger,
  Ports,
  Surroundings,
  Vault,
} from '../../src/usecases/ports.ts';
import { startTable } from '../adapters/store/table-under-test.ts';
import { NOW, oldKey, POLICY, userAt } from '../domain/given.ts';
import { only } from '../only.ts';

export const ACCOUNT = '111122223333';
export const TEST_ACCOUNT = '444455556666';
export const ANA = 'U0ANA';
export const BEN = 'U0BEN';
/** The admin. */
export const SAM = 'U0SAM';
/** The private channel of `addTeam`. */
export const TEAM = 'C0TEAM';

/** Ana answers for it. */
export const ANAS: Extract<Owner, { kind: 'person' }> = {
  kind: 'person',
  slackId: ANA,
  from: 'ownerTag',
  timeZone: 'Europe/Madrid',
};

/** A message that notifies: the card of one user, or one about several. */
interface Sent {
  to: string;
  userNames: string[];
  isFirst: boolean;
  card: Card;
}

interface IamRecord {
  userId: string;
  arn: string;
  tags: Record<string, string>;
  keys: AccessKey[];
}

export function mailOf(slackId: string): string {
  return `${slackId.slice(2).toLowerCase()}@example.com`;
}

export function person(slackId: string, changes: Partial<Person> = {}): Person {
  return { slackId, name: slackId, timeZone: 'Europe/Madrid', email: mailOf(slackId), ...changes };
}

async function startWorld({ policy = POLICY }: { policy?: Policy } = {}) {
  let now: Instant = NOW;
  const table = await startTable({ policy, now: () => now });
  const iam = new Map<string, IamRecord>();
  const people = new Map([ANA, BEN, SAM].map((id) => [id, person(id)]));
  const channels = new Map<string, { mayOwn: boolean; members: string[] }>();
  const faults: {
    iam?: OutsideError | undefined;
    slack?: OutsideError | undefined;
    /** Who is in which channel cannot be told. */
    channels?: OutsideError | undefined;
  } = {};
  const asked: string[] = [];

  const keys = (account: string): AccessKeys => {
    const recordOf = (userName: string) => {
      if (faults.iam) throw faults.iam;
      asked.push(`${account}/${userName}`);
      return iam.get(`${account}/${userName}`);
    };
    return only<AccessKeys>({
      describeUser: async (userName) => {
        const user = recordOf(userName);
        return user && { userName, createdAt: 0, ...user };
      },
      list: async (userName) => recordOf(userName)?.keys.map(({ lastUse: _, ...key }) => key),
      lastUse: async (id) =>
        [...iam.values()].flatMap((user) => user.keys).find((key) => key.id === id)?.lastUse ?? {
          seen: 'unknown',
        },
      async *all() {
        if (faults.iam) throw faults.iam;
        for (const [name, user] of iam) {
          const [where = '', userName = ''] = name.split('/');
          if (where === account) yield { userName, createdAt: 0, ...user };
        }
      },
    });
  };

  const directory = only<Directory>({
    person: async (id) => people.get(id),
    personById: async (id) => people.get(id),
    personOfEmail: async (email) => [...people.values()].find((one) => one.email === email),
    personByEmail: async (email) => [...people.values()].find((one) => one.email === email),
    isAdmin: async (id) => id === SAM,
    channel: async (id) => channels.get(id),
    isMember: async (channel, id) => channels.get(channel)?.members.includes(id) ?? false,
    privateChannelCalled: async (name) => (channels.has(name) ? name : undefined),
    privateChannelsOf: async (id) => {
      if (faults.channels) throw faults.channels;
      return [...channels].filter(([, { members }]) => members.includes(id)).map(([channel]) => channel);
    },
  });

  const sent: Sent[] = [];
  const adminCards: { to: string; userName: string }[] = [];
  /** What admins were told, and about whom. */
  const told: { matter: MatterKind; userNames: string[] }[] = [];
  const removed: Card[] = [];
  const redrawn: string[] = [];
  const refused: Refusal[] = [];
  const answers: unknown[] = [];
  let messages = 0;
  const post = (to: string): Card => {
    if (faults.slack) throw faults.slack;
    messages += 1;
    return { channel: `D${to}`, ts: `${messages}` };
  };
  const notify = (users: readonly IamUser[], to: string, isFirst: boolean): Card => {
    const card = post(to);
    sent.push({ to, userNames: users.map(({ userName }) => userName), isFirst, card });
    return card;
  };
  const answer = (what: unknown) => async () => {
    if (faults.slack) throw faults.slack;
    answers.push(what);
  };
  const health: { to: string; notice: HealthNotice; refusedAs?: string }[] = [];
  const messenger = only<Messenger>({
    readyToSend: () => {},
    send: async (user, to, isFirst = false) => notify([user], to, isFirst),
    sendDigest: async (users, to, isFirst) => notify(users, to, isFirst),
    sendToAdmin: async ({ userName }, to) => {
      adminCards.push({ to, userName });
      return post(to);
    },
    redraw: async ({ userName }) => {
      if (faults.slack) throw faults.slack;
      redrawn.push(userName);
      return 'redrawn';
    },
    tellMatter: async ({ userName }, { matter }) => {
      told.push({ matter, userNames: [userName] });
      return post('CADMINS');
    },
    tellMatters: async (matter, users) => {
      told.push({ matter, userNames: users.map(({ userName }) => userName) });
      return post('CADMINS');
    },
    redrawMatters: async () => 'redrawn',
    remove: async (card) => {
      removed.push(card);
    },
    refuse: async (_, refusal) => {
      refused.push(refusal);
    },
    answerShown: async (_, { userName }) => answer({ shown: userName })(),
    answerHistory: async (_, history) => answer({ history })(),
    answerWhich: async (_, users, which) =>
      answer({
        which: users.map(({ account, userName }) => `${account}/${userName}`),
        ...(which && { isOnRecord: true }),
      })(),
    answerAssigned: async (_, { userName }, to) => answer({ assigned: userName, to })(),
    answerPressedMany: async (_, pressed) => answer({ pressed })(),
    answerNudged: async (_, nudged) => answer({ nudged })(),
    answerHandedOver: async (_, handedOver) => answer({ handedOver })(),
    answerOwners: async (_, owners, assigned) => answer({ owners, assigned })(),
    answerPlan: async (_, preview) => answer({ preview })(),
    sendOwnersTable: async (_, rows) => {
      await answer({ rows })();
      return rows.length;
    },
    answerSecretsDeleted: async (_, deleted) => answer({ deleted })(),
    postSecretsDeleted: async (by, { scheduled }) => {
      if (faults.slack) throw faults.slack;
      answers.push({ by, secretsOf: scheduled.map(({ userName }) => userName) });
    },
    answerUnassigned: async (_, { userName, owner }) => answer({ unassigned: userName, owner })(),
    answerList: async (_, list: OwnList) => answer(list)(),
    answerHelp: async (_, help) => answer({ help })(),
    answerMoved: async (_, user) => answer(user)(),
    answerTalk: async (_, about, status) => answer({ about, ...status })(),
    answerStatus: async (_, slackId, status) => answer({ slackId, ...status })(),
    postHealth: async (notice) => {
      post('CADMINS');
      health.push({ to: 'CADMINS', notice });
    },
    sendHealth: async (notice, to, refusedAs) => {
      health.push({ to, notice, refusedAs });
    },
  });

  const put: WorkerJob[] = [];
  const sweeps: SweepJob[] = [];
  const deadLetters = { count: 0 };
  const lastDue: { sweep?: Instant; summary?: Instant } = {};
  /** How keyrotate stands in Slack. */
  const slack: {
    app: Awaited<ReturnType<Installation['app']>>;
    adminChannel: Awaited<ReturnType<Installation['adminChannel']>>;
    admins: Awaited<ReturnType<Installation['admins']>>;
  } = {
    app: { missingScopes: [] },
    adminChannel: { id: 'CADMINS' },
    admins: { able: [SAM], unable: [] },
  };
  /** What stands in the account around it. */
  const surroundings: Surroundings = {
    deployment: 'prod in eu-central-1',
    isLive: true,
    deployments: async () => [{ name: 'prod in eu-central-1', since: 0, isPreview: false }],
    readers: [],
    rolesMissing: async () => [],
    keyState: async () => 'Enabled',
  };
  const silent = () => {};
  const ports: Ports = {
    accounts: [ACCOUNT, TEST_ACCOUNT],
    policy: () => policy,
    ownerTags: { ownerTag: 'keyrotate:owner', mailTag: 'mail', exemptTag: 'keyrotate:exempt' },
    keys,
    vault: () =>
      only<Vault>({
        lastOpened: async () => undefined,
        storedKeys: async () => new Map(),
        async *secrets() {},
      }),
    users: table.users,
    records: table.records,
    people: table.people,
    directory,
    messenger,
    jobs: only<Jobs>({
      put: async (jobs) => {
        put.push(...jobs);
      },
      sweep: async (jobs) => {
        sweeps.push(...jobs);
      },
    }),
    deadLetters: only<DeadLetters>({ count: async () => deadLetters.count }),
    log: { info: silent, warn: silent, error: silent },
    now: () => now,
    schedules: { lastDue: (task) => lastDue[task] },
    installation: {
      app: async () => slack.app,
      adminChannel: async () => slack.adminChannel,
      admins: async () => slack.admins,
    },
    surroundings,
    timeLeft: () => 60_000,
  };

  return {
    ...{
      ports,
      iam,
      asked,
      people,
      channels,
      faults,
      sent,
      adminCards,
      told,
      removed,
      redrawn,
      refused,
      answers,
      put,
      sweeps,
      deadLetters,
      lastDue,
      slack,
      surroundings,
      health,
    },
    /** Moves to another moment. */
    goTo(at: Instant): void {
      now = at;
    },
    /** An IAM user with its keys, as AWS knows it. */
    addIamUser(userName: string, changes: Partial<IamRecord> & { account?: string } = {}): void {
      const { account = ACCOUNT, ...facts } = changes;
      const { userId } = userAt('due');
      const arn = `arn:aws:iam::${account}:user/${userName}`;
      iam.set(`${account}/${userName}`, {
        userId,
        arn,
        tags: { mail: mailOf(ANA) },
        keys: [oldKey()],
        ...facts,
      });
    },
    /** A private channel, and an IAM user on record that an admin has linked to it, with no rotation open. */
    async addTeam(members: string[], userName: string): Promise<void> {
      channels.set(TEAM, { mayOwn: true, members });
      const to = { kind: 'channel', channelId: TEAM } as const;
      const { rotation: _, ...linked } = userAt('due', {
        userName,
        owner: to,
        link: { to, by: SAM, at: now },
      });
      await table.users.save({ ...linked, version: 0 });
    },
    /** A list in the admin channel, of users of Ana's about whom nobody hears anything. */
    listAsSilent: (...userNames: string[]) =>
      table.records.saveList({
        ...{ channel: 'CADMINS', ts: '1', matter: 'silence', at: now },
        users: userNames.map((userName) => ({ account: ACCOUNT, userName, mark: ownerMark(ANAS) })),
      }),
    /** A user on record. */
    save: (user: IamUser): Promise<IamUser> => table.users.save({ ...user, version: 0 }),
    load: async (userName: string, account = ACCOUNT): Promise<IamUser> => {
      const id: IamUserId = { account, userName };
      const user = await table.users.load(id);
      if (!user) throw new Error(`${userName} is not on record`);
      return user;
    },
    isOnRecord: async (userName: string) =>
      (await table.users.load({ account: ACCOUNT, userName })) !== undefined,
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** The one that the tests of a file share, new before each of them. */
export function worldForEach(): World {
  const world = {} as World;
  beforeEach(() => startAnew(world));
  return world;
}

export async function startAnew(world: World, policy?: Policy): Promise<void> {
  Object.assign(world, await startWorld({ ...(policy && { policy }) }));
}

export function commandJob(command: Command, personId = ANA): CommandJob {
  const id = `command-${command.name}`;
  return { kind: 'command', id, askedAt: NOW, command, personId, place: { channel: 'D0ANA' } };
}

export const refusedByAws = (): OutsideError => new OutsideError('refused', 'GetUser', 'AccessDenied');
export const refusedBySlack = (): OutsideError =>
  new OutsideError('refused', 'chat.postMessage', 'account_inactive');
export const lostAnswer = (): OutsideError => new OutsideError('unknown', 'chat.postMessage', 'ETIMEDOUT');
