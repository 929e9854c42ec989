// What must be true whatever happened, asked of the servers once everything has settled. Each rule by its number.
import { ending } from '../../src/domain/access-key.ts';
import { type IamUser, without } from '../../src/domain/iam-user.ts';
import { mattersToTell } from '../../src/domain/matters.ts';
import type { Reader } from '../../src/domain/message.ts';
import { addressOf } from '../../src/domain/owner.ts';
import {
  type HistoryEntry,
  isOpen,
  isUnfiled,
  type Rotation,
  replacementOf,
} from '../../src/domain/rotation.ts';
import type { Stage } from '../../src/domain/transitions.ts';
import { type Correction, cardOf, corrections } from '../../src/domain/wanted.ts';
import { localDay } from '../../src/domain/working-hours.ts';
import { POLICY } from '../domain/given.ts';
import { DAY } from '../sandbox/clock.ts';
import { allItems, type Item } from '../sandbox/play/items.ts';
import { buttons } from '../sandbox/play/play.ts';
import { SIGNING_SECRET } from '../sandbox/sandbox.ts';
import type { IamKey, KeyChange } from '../sandbox/servers/aws/iam-state.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import {
  cardsAbout,
  offers,
  otherAccounts,
  pressableAbout,
  records,
  type Shown,
  type World,
} from './fault-world.ts';
import {
  askedSince,
  type Change,
  type Claimed,
  changedOutside,
  changesSince,
  lettersSince,
  type Mark,
  mark,
  ownersSince,
  requestIdsSince,
  saidSince,
} from './journal.ts';
import { stuck } from './nobody-stuck.ts';

/** How things stood before anything was done. */
export interface Before {
  mark: Mark;
  /** How many changes to keys there had been. */
  trail: number;
  /** Every key that the bot has made and that lives, and those of them that are in the vault. */
  made: string[];
  stored: string[];
  /** Every key and stored secret of other accounts than the one that the scene is about. */
  others: string;
  /** Who owned each user, by its unique id. */
  owners: Map<string, string | undefined>;
  /** The ids of all jobs whose traces are in the histories. */
  jobs: Set<string>;
}

/** What people did meanwhile. */
export interface Deeds {
  /** How often somebody asked for a new key. */
  creates: number;
  /** Whether somebody pressed "anyway". */
  insisted: boolean;
  /** Slack was told twice, or refused to delete: it knows no way to send once. What is left over is inert. */
  doubles: boolean;
}

interface Now {
  world: World;
  before: Before;
  deeds: Deeds;
  users: IamUser[];
  /** The table as it is. */
  items: Item[];
  histories: Told[];
  changes: Change[];
  /** What people changed in the console. */
  outside: KeyChange[];
  made: string[];
}

/** What a history tells, and of which user and key. */
type Told = HistoryEntry & { oldKeyId: string; userId: string; ownName?: string };

const GRACE = 7 * DAY;

export async function takeStock(world: World): Promise<Before> {
  const stored = [...vaulted(world).keys()];
  const histories = await allHistories(world);
  return {
    mark: mark(world),
    trail: world.sandbox.aws.iam.state.trail.length,
    made: stored,
    stored,
    others: heldByOthers(world),
    owners: new Map((await records(world)).map(({ userId, owner }) => [userId, addressOf(owner)])),
    jobs: new Set(histories.map(({ jobId }) => jobId)),
  };
}

/** Every rule that is broken, in words. */
export async function broken(world: World, before: Before, deeds: Deeds): Promise<string[]> {
  const changes = changesSince(world, before.mark);
  const created = changes.filter(({ change }) => change === 'created').map(({ keyId }) => keyId);
  const now: Now = {
    ...{ world, before, deeds, changes },
    outside: changedOutside(world, before.trail),
    users: await records(world),
    items: await allItems(world.sandbox),
    histories: await allHistories(world),
    made: [...before.made, ...created],
  };
  return RULES.flatMap((rule, index) => rule(now).map((words) => `${index + 1}. ${words}`));
}

const RULES: readonly ((now: Now) => string[])[] = [
  /** 1. No key of ours works without its secret, unless its owner is shown it as stranded. */
  ({ world, users, made }) =>
    livingKeys(world)
      .filter(({ id, status, secret }) => {
        return made.includes(id) && status === 'Active' && vaulted(world).get(id) !== secret;
      })
      .filter(({ id }) => !isShownAsStranded(world, users, id))
      .map(({ id }) => `${id} works, its secret is nowhere, and nobody is told`),

  /** 2. Nobody loses the last working key but by the button that says so. */
  ({ changes, outside }) =>
    changes
      .filter(({ activeKeys, before: key }) => activeKeys.length === 0 && key?.status === 'Active')
      .filter(({ claim }) => !['retire', 'discardStranded'].includes(claim?.move ?? ''))
      // A key that could not be stored was nobody's yet.
      .filter(({ keyId, claim }) => !claim || !madeUnder(claim.jobId, changes).includes(keyId))
      .filter((change) => !wasLastUnseen(change, outside))
      .map(({ userName, claim }) => `${userName} lost the last working key by ${claim?.move ?? 'nothing'}`),

  /** 3. A key goes only when its own rule allows it. */
  (now) =>
    now.changes
      .filter(({ change }) => change === 'deleted')
      .flatMap((change) => {
        const why = whyNot(change, now);
        return why === undefined ? [] : [`${change.keyId} was deleted ${why}`];
      }),

  /** 4. Nothing is touched that the rotation has nothing to do with, and nothing in another account. */
  ({ world, before, changes }) => [
    ...(heldByOthers(world) === before.others ? [] : ['a key or a secret of another account was touched']),
    ...changes
      .filter(({ change, keyId, claim }) => change !== 'created' && !isItsBusiness(keyId, claim, changes))
      .map(({ change, keyId, claim }) => `${keyId} became ${change} by ${claim?.move ?? 'nobody’s wish'}`),
  ],

  /** 5. One key at most for each wish. */
  ({ changes, deeds }) => {
    const created = changes.filter(({ change }) => change === 'created');
    const wishes = new Set(created.map(({ claim }) => claim?.jobId));
    if (created.length > wishes.size) return [`${created.length} keys were made for ${wishes.size} wishes`];
    return created.length > deeds.creates
      ? [`${created.length} keys were made, and ${deeds.creates} wished for`]
      : [];
  },

  /** 6. What is in the vault stays there while its key lives. */
  ({ world, before, made }) => {
    const kept = vaulted(world);
    const stored = [...before.stored, ...storedSince(world, before.mark)];
    return livingKeys(world)
      .filter(({ id, secret }) => made.includes(id) && stored.includes(id) && kept.get(id) !== secret)
      .map(({ id }) => `the secret of ${id} was overwritten or removed`);
  },

  /** 7. Every change is on record with the person, and the record is true. */
  (now) => [
    ...[...unrecorded(now), ...untrue(now), ...invented(now)],
    ...[...byStrangers(now), ...undecided(now)],
  ],

  /** 8. The card says what is true. */
  ({ world, users, deeds }) =>
    users.flatMap((user) => [...cardIsTrue(world, user, deeds), ...othersCards(world, user, deeds)]),

  /** 9. Not knowing is not the same as no. */
  ({ world, histories, before, deeds, users, changes }) => {
    const since = histories.filter(({ jobId }) => !before.jobs.has(jobId));
    return [
      ...since.flatMap((entry) => neverSo(world, users, entry)),
      ...(deeds.insisted ? [] : [...since.flatMap(guessed), ...changes.flatMap(doneUnasked)]),
      ...users.flatMap(({ exempt, userName }) =>
        exempt && !hasExemption(world, userName) ? [`${userName} counts as opted out`] : [],
      ),
    ];
  },

  /** 10. Nothing stays claimed, owed or queued. */
  ({ world, users }) => [
    ...users.flatMap(({ userName, claim }) => (claim ? [`${userName}: ${claim.move} is still claimed`] : [])),
    ...users.flatMap((user) =>
      isLeftUndone(user, world.sandbox.clock.now()) ? [`${user.userName} is not settled`] : [],
    ),
    ...[...world.sandbox.aws.sqs.state.queues]
      .filter(([, { messages }]) => messages.length > 0)
      .map(([name, { messages }]) => `${name} holds ${messages[0]?.body}`),
  ],

  /** 11. No secret outside the vault. */
  ({ world, before }) => {
    const said = saidSince(world, before.mark).join('\n');
    return Object.entries(secretsOf(world))
      .filter(([, secret]) => writtenOut(secret).some((form) => said.includes(form)))
      .map(([what]) => `${what} has leaked`);
  },

  /** 12. Nobody is written to twice in a day who asked for nothing. */
  ({ world, before, deeds }) => (deeds.doubles ? [] : writtenTwice(world, before.mark)),

  /** 13. Nobody is stuck. */
  ({ world, users, items }) => stuck(world, users, items),
];

/** What is set up again is weeks later, so of a drawing only what a press relies on can be compared. */
function isLeftUndone(user: IamUser, now: number): boolean {
  const isWrong = (correction: Correction) =>
    correction.kind === 'remove' ||
    correction.isLast ||
    correction.message.drawing.split('.')[0] !== correction.drawing.split('.')[0];
  return (
    user.answer !== undefined ||
    isUnfiled(user.rotation) ||
    mattersToTell(user, POLICY, now).length > 0 ||
    corrections(user, POLICY, now).some(isWrong)
  );
}

function writtenTwice(world: World, since: Mark): string[] {
  const asked = askedSince(world, since);
  const counts = new Map<string, number>();
  for (const { to, at } of lettersSince(world, since)) {
    if (asked.has(to)) continue;
    const day = `${to} on ${localDay(at, zoneOf(world, to))}`;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, number]) => number > 1)
    .map(([day, number]) => `${number} messages to ${day}`);
}

function zoneOf({ sandbox }: World, person: string): string {
  return sandbox.slack.workspace.members.get(person)?.tz ?? 'UTC';
}

/** The keys' secrets, and Slack's. */
function secretsOf(world: World): Record<string, string> {
  const { aws, slack } = world.sandbox;
  const keys = [...livingKeys(world), ...aws.iam.state.deletedKeys];
  return {
    ...Object.fromEntries(keys.map(({ id, secret }) => [`the secret of ${id}`, secret])),
    'the token of Slack': slack.workspace.bot.token,
    'the signing secret of Slack': SIGNING_SECRET,
  };
}

/** As it is, in an address, and in base64, where it begins at any of three places in a group of letters. */
function writtenOut(secret: string): string[] {
  const inBase64 = [0, 1, 2].map((ahead) => {
    const text = Buffer.from(' '.repeat(ahead) + secret).toString('base64');
    // Letters at either end are shared with what stands beside it.
    return text.slice(ahead === 0 ? 0 : ahead + 1).replace(/.?=+$/, '');
  });
  return [secret, encodeURIComponent(secret), ...inBase64];
}

async function allHistories(world: World): Promise<Told[]> {
  const all = await allItems(world.sandbox);
  return all
    .filter(({ pk }) => String(pk).startsWith('USER#'))
    .flatMap(({ rotation, userId }) => {
      const { history = [], oldKeyId = '' } = (rotation ?? {}) as Partial<Rotation>;
      return history.map((entry) => ({ ...entry, oldKeyId, userId: String(userId) }));
    });
}

function heldByOthers(world: World): string {
  return otherAccounts(world)
    .flatMap(({ aws, organisation }) => [
      ...[...aws.iam.state.users.values()].flatMap(({ userName, keys }) =>
        keys.map(({ id, status }) => `${organisation.account}/${userName} ${id} ${status}`),
      ),
      ...[...aws.secrets.state.secrets].flatMap(([name, { versions }]) =>
        name.startsWith('/iam/keys/') ? [`${name} ${[...versions.keys()]}`] : [],
      ),
    ])
    .join();
}

function livingKeys({ sandbox }: World): IamKey[] {
  return [...sandbox.aws.iam.state.users.values()].flatMap(({ keys }) => keys);
}

/** The secret of each key whose label a version carries. */
function vaulted({ sandbox }: World): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, versions } of sandbox.aws.secrets.state.secrets.values()) {
    if (!name.startsWith('/iam/keys/')) continue;
    for (const { stages, value } of versions.values())
      for (const stage of stages)
        if (stage.startsWith('AKIA')) found.set(stage, JSON.parse(value).SecretAccessKey);
  }
  return found;
}

function storedSince({ sandbox }: World, since: Mark): string[] {
  return sandbox.aws.wire.calls
    .slice(since.aws)
    .filter(({ action, effect }) => action === 'PutSecretValue' && effect?.status === 200)
    .flatMap(({ input }) => (input.VersionStages as string[] | undefined) ?? []);
}

function isShownAsStranded(world: World, users: readonly IamUser[], keyId: string): boolean {
  return users.some(({ stranded, userName, owner }) => {
    const shown = owner.kind === 'person' ? cardsAbout(world, owner.slackId, userName) : [];
    return stranded.includes(keyId) && shown.some((card) => plainText(card).includes(ending(keyId)));
  });
}

/**
 * IAM knows no condition on a write: what changes between the last look and the act cannot be seen in time. What was
 * changed in the console before that look is no excuse.
 */
function wasLastUnseen({ userName, keyId, seen }: Change, outside: readonly KeyChange[]): boolean {
  const sawAnother = [...seen].some(([id, status]) => id !== keyId && status === 'Active');
  return sawAnother && outside.some((other) => other.userName === userName && other.keyId !== keyId);
}

/** A key is looked at once more right before it is deleted: a look from before the claim is none. */
function wasOnUnseen({ keyId, seen, hasLooked }: Change, outside: readonly KeyChange[]): boolean {
  const sawOff = hasLooked && seen.get(keyId) === 'Inactive';
  return sawOff && outside.some((other) => other.keyId === keyId && other.change === 'Active');
}

/** By the move that deleted a key: why that was wrong, if it was. */
const WRONG: Record<string, (deletion: Change & { claim: Claimed }, now: Now) => string | undefined> = {
  delete: (deletion, { outside }) => {
    const { at, before, claim } = deletion;
    if (claim.by === '') return 'by nobody';
    if (before?.status !== 'Inactive') return wasOnUnseen(deletion, outside) ? undefined : 'while it worked';
    return at - before.lastChangedAt < GRACE ? 'before its grace period was over' : undefined;
  },
  clearSlot: (deletion, { outside }) =>
    deletion.before?.status === 'Inactive' || wasOnUnseen(deletion, outside)
      ? undefined
      : 'to make room, while it worked',
  discardNewKey: ({ keyId }, { made }) =>
    made.includes(keyId) ? undefined : 'as new, though it was not made here',
  discardStranded: ({ keyId, claim }) =>
    claim.stranded.includes(keyId) ? undefined : 'as stranded, which it was not',
  createKey: ({ keyId, claim }, { changes }) =>
    madeUnder(claim.jobId, changes).includes(keyId) ? undefined : 'while making another',
};

function whyNot(change: Change, now: Now): string | undefined {
  const { claim } = change;
  if (!claim) return 'and nobody wished it';
  const rule = WRONG[claim.move];
  return rule ? rule({ ...change, claim }, now) : `by ${claim.move}`;
}

function madeUnder(jobId: string, changes: readonly Change[]): string[] {
  return changes
    .filter(({ change, claim }) => change === 'created' && claim?.jobId === jobId)
    .map(({ keyId }) => keyId);
}

function isItsBusiness(keyId: string, claim: Change['claim'], changes: readonly Change[]): boolean {
  if (!claim) return false;
  const { oldKeyId, newKeyId, jobId } = claim;
  return [oldKeyId, newKeyId, claim.keyId, ...madeUnder(jobId, changes)].includes(keyId);
}

function unrecorded({ changes, histories, outside }: Now): string[] {
  return changes.flatMap(({ change, keyId, claim, requestId, isHeard }) => {
    const entry = histories.find(({ jobId }) => jobId === claim?.jobId);
    if (!entry) return [`${keyId} became ${change}, and no history tells of it`];
    if (entry.by.kind !== 'person') return [`${keyId} became ${change}, and no person is on record`];
    if (isHeard && !entry.awsRequestIds.includes(requestId))
      return [`${keyId} became ${change}, and the history does not say under which id AWS has it`];
    // A key that could not be stored, or was not heard of, ends as a failure; what somebody changed back as well.
    const mayFail = claim?.move === 'createKey' || outside.some((other) => other.keyId === keyId);
    if (mayFail) return [];
    if (entry.outcome !== 'done') return [`${keyId} became ${change}, and the history tells of a failure`];
    const isSeen = entry.evidence.some(({ id }) => id === keyId);
    return isSeen ? [] : [`${keyId} became ${change}, and the history shows no evidence of it`];
  });
}

function invented({ histories, before, world }: Now): string[] {
  const known = requestIdsSince(world, before.mark);
  return histories
    .filter(({ jobId }) => !before.jobs.has(jobId))
    .flatMap(({ awsRequestIds }) => awsRequestIds.filter((id) => !known.has(id)))
    .map((id) => `the history names ${id}, under which AWS knows of nothing`);
}

/** What each move does to a key. */
const DOES: Partial<Record<HistoryEntry['what'], KeyChange['change']>> = {
  createKey: 'created',
  deactivate: 'Inactive',
  retire: 'Inactive',
  reactivate: 'Active',
  delete: 'deleted',
  clearSlot: 'deleted',
  discardNewKey: 'deleted',
  discardStranded: 'deleted',
};

function untrue(now: Now): string[] {
  const { histories, before, changes } = now;
  return histories
    .filter(({ jobId, what, outcome }) => {
      return !before.jobs.has(jobId) && outcome === 'done' && what in DOES;
    })
    .filter(({ jobId }) => !changes.some(({ claim }) => claim?.jobId === jobId))
    .filter((entry) => !isSoAnyway(entry, now))
    .map(({ what }) => `the history tells of a ${what} that never happened`);
}

/** What keyrotate carried out: the same person had decided it, nobody did anything since, and the old key was quiet. */
function undecided({ histories, before }: Now): string[] {
  return histories.flatMap((entry, nth) => {
    const { decidedAt, jobId, outcome, userId, oldKeyId, by, evidence, at, what } = entry;
    if (decidedAt === undefined || outcome !== 'done' || before.jobs.has(jobId)) return [];
    const last = histories
      .slice(0, nth)
      .findLast((one) => one.userId === userId && one.outcome === 'done' && one.by.kind === 'person');
    const isTheirs = by.kind === 'person' && last?.by.kind === 'person' && last.by.slackId === by.slackId;
    if (!isTheirs || last?.ownName !== 'turnOffWhenQuiet') return [`${what}, which nobody had decided`];
    const use = evidence.find(({ id }) => id === oldKeyId)?.lastUse;
    const isQuiet = use?.seen === 'never' || (use?.seen === 'used' && moment(at) - moment(use.at) >= DAY);
    return isQuiet ? [] : [`${what} was carried out, though the old key was not quiet`];
  });
}

/** As the table has it, in words. */
function moment(at: unknown): number {
  return Date.parse(String(at));
}

/** Somebody was faster in the console: then it is so, whoever did it. Keys go with their user, too. */
function isSoAnyway({ what, oldKeyId, keyId = oldKeyId }: Told, { world, outside }: Now): boolean {
  if (what === 'createKey') return false;
  const { deletedKeys } = world.sandbox.aws.iam.state;
  return (
    outside.some(({ change }) => change === DOES[what]) ||
    (DOES[what] === 'deleted' && deletedKeys.some(({ id }) => id === keyId))
  );
}

/** Whoever acts is an admin, or was the owner at some time meanwhile. */
function byStrangers({ histories, before, world }: Now): string[] {
  const since = ownersSince(world, before.mark);
  return histories.flatMap(({ by, jobId, what, userId }) => {
    if (by.kind !== 'person' || before.jobs.has(jobId)) return [];
    const { slackId, as } = by;
    const isAdmin = slackId === world.people.sam;
    const isOwner = before.owners.get(userId) === slackId || since.get(userId)?.has(slackId) === true;
    return (as === 'admin' ? isAdmin : isOwner) ? [] : [`${what} by ${slackId} as ${as} of ${userId}`];
  });
}

/** What a card at that stage says, besides its buttons: its header, and the line of the steps. */
const SAYS: Record<Stage, [header: RegExp, steps: RegExp]> = {
  postponed: [/^Put off until/, /Step 1 of 4/],
  due: [
    /^(?:Replace|Decide on|I could not store the secret of|Give one application of|AWS did not show) /,
    /Step 1 of 4/,
  ],
  issued: [/^(?:New key .* is ready|Use .* instead of|.*: the new key is in use)/, /Step 2 of 4/],
  confirmed: [/^(?:Turn off the old key|The old key of .* goes off on)/, /Step 3 of 4/],
  deactivated: [/the old key of/, /Step 4 of 4/],
  retired: [/the key of/, /Step 2 of 2/],
  deleted: [/^Done: .* is deleted/, /^Done/m],
  resolved: [/^Done: .* gone/, /^Done/m],
};
/** A header at any stage that is open. */
const SAID_FIRST = /^(?:Not [\w ]+:|Working on it|An admin decides|Nothing works)/;

function says(card: Message, stage: Stage): boolean {
  const [first] = card.blocks;
  const header = first?.type === 'header' ? first.text.text : '';
  const [head, steps] = SAYS[stage];
  return (head.test(header) || SAID_FIRST.test(header)) && steps.test(plainText({ ...card, text: '' }));
}

/** The old key and the one in its place, as IAM has them. */
const TRUTH: Partial<Record<Stage, string>> = {
  due: 'Active gone',
  postponed: 'Active gone',
  issued: 'Active Active',
  confirmed: 'Active Active',
  deactivated: 'Inactive Active',
  retired: 'Inactive gone',
};

function cardIsTrue(world: World, user: IamUser, { doubles }: Deeds): string[] {
  const { rotation, owner, userName } = user;
  if (!rotation || owner.kind !== 'person') return [];
  const counts = cardOf(user);
  // What is said in a sentence is no card.
  const shown = cardsAbout(world, owner.slackId, userName).filter(
    (one) => offers(one).length > 0 || one.ts === counts?.ts,
  );
  const card = shown.find(({ ts }) => ts === counts?.ts);
  if (shown.length > (card ? 1 : 0) && !doubles) return [`${userName}: ${shown.length} cards are shown`];
  if (!card) return counts ? [`${userName}: the card that counts is not shown`] : [];
  return [...saysSo(world, card, user, rotation), ...keysAreAsTold(world, user, rotation)];
}

function saysSo(world: World, card: Message, user: IamUser, { stage }: Rotation): string[] {
  const { userName } = user;
  return [
    ...(says(card, stage) ? [] : [`${userName}: at ${stage} the card says: ${plainText(card)}`]),
    ...(isOfferedRightly(user, offers(card)) ? [] : [`${userName}: at ${stage}: ${buttons(card)}`]),
    ...(isDeleteOfferedEarly(world, user, buttons(card)) ? [`${userName}: delete is offered too early`] : []),
  ];
}

/** Besides the owner only the admin who asked has a card to press, and in the admin channel the newest message about each matter counts. */
function othersCards(world: World, user: IamUser, { doubles }: Deeds): string[] {
  const { rotation, owner, userName, messages } = user;
  if (doubles) return [];
  const { people, sandbox } = world;
  const live = pressableAbout(world, userName).filter(({ reader }) => reader !== addressOf(owner));
  const isOnRecord = (as: Reader['as'], { message }: Shown) =>
    messages.some(({ ts, reader }) => reader.as === as && ts === message.ts);
  const isAdmins = (shown: Shown) => shown.reader === people.sam && isOnRecord('admin', shown);
  // The summary is on no record, and its button changes no key: each secret is looked at again.
  const isSummary = ({ message }: Shown) => buttons(message).includes('Delete these secrets…');
  const isNotice = (shown: Shown) =>
    shown.reader === sandbox.organisation.adminChannel && (isOnRecord('admins', shown) || isSummary(shown));
  return live.flatMap((shown) => {
    const { reader, message } = shown;
    // An admin may press, whoever it will belong to.
    if (isAdmins(shown) && rotation) return saysSo(world, message, without(user, 'ownerChange'), rotation);
    return isNotice(shown) ? [] : [`${userName}: ${reader} can still press ${buttons(message)}`];
  });
}

/** While an admin is to decide who owns it, its owner is offered no more than what ends an outage. */
function isOfferedRightly({ rotation, ownerChange }: IamUser, offered: readonly string[]): boolean {
  if (ownerChange) return offered.every((label) => label === 'Turn it back on');
  return isOpen(rotation) === offered.length > 0;
}

function isDeleteOfferedEarly(world: World, { rotation }: IamUser, offered: readonly string[]): boolean {
  const old = livingKeys(world).find(({ id }) => id === rotation?.oldKeyId);
  const isYoung = old !== undefined && world.sandbox.clock.now() - old.lastChangedAt < GRACE;
  return isYoung && offered.includes('Delete for good');
}

function keysAreAsTold(world: World, { userName, unconfirmed }: IamUser, rotation: Rotation): string[] {
  const { stage } = rotation;
  const isAlarmed = stage === 'deactivated' && rotation.newKeyOutSince !== undefined;
  // What somebody changed outside is believed only when it was seen twice.
  if (isAlarmed || unconfirmed.length > 0) return [];
  // Whatever their user is called by now.
  const keys = livingKeys(world);
  const status = (id: string | undefined) => keys.find((key) => key.id === id)?.status ?? 'gone';
  const found = `${status(rotation.oldKeyId)} ${status(replacementOf(rotation)?.keyId)}`;
  const isSo = stage === 'deleted' ? found.startsWith('gone') : found === (TRUTH[stage] ?? found);
  return isSo ? [] : [`${userName}: at ${stage} the keys are ${found}`];
}

/** A sighting of something that never was. */
function neverSo({ sandbox }: World, users: readonly IamUser[], entry: HistoryEntry): string[] {
  const { state } = sandbox.aws.iam;
  const user = users.find(({ rotation }) => rotation?.history.some(({ jobId }) => jobId === entry.jobId));
  const rotation = user?.rotation;
  if (!user || !rotation) return [];
  const wasEver = (keyId: string | undefined, ...changes: string[]) =>
    state.trail.some((one) => one.keyId === keyId && changes.includes(one.change)) ||
    state.deletedKeys.some(({ id }) => id === keyId);
  const so: Record<string, () => boolean> = {
    userGone: () => state.users.get(user.userName.toLowerCase())?.userId !== user.userId,
    oldKeyGone: () => wasEver(rotation.oldKeyId, 'deleted'),
    oldKeyOff: () => wasEver(rotation.oldKeyId, 'Inactive', 'deleted'),
  };
  return so[entry.what]?.() === false ? [`${user.userName}: ${entry.what} was seen, and never was so`] : [];
}

/** A key turned off or discarded while nobody knew whether it was in use, and nobody said "anyway". */
function guessed({ what, outcome, evidence, oldKeyId }: Told): string[] {
  if (outcome !== 'done') return [];
  const unknown = evidence.filter(({ lastUse }) => lastUse.seen === 'unknown').map(({ id }) => id);
  const isGuess =
    what === 'discardNewKey'
      ? unknown.some((id) => id !== oldKeyId)
      : ['deactivate', 'retire'].includes(what) && unknown.includes(oldKeyId);
  return isGuess ? [`${what} was done on a guess`] : [];
}

/** Whatever the record says: a key that is turned off or discarded without "anyway" is one whose use IAM told. */
function doneUnasked({ keyId, claim, isUseKnown }: Change): string[] {
  const needsProof = ['deactivate', 'retire', 'discardNewKey'].includes(claim?.move ?? '');
  return needsProof && !isUseKnown ? [`${claim?.move} of ${keyId} without knowing what uses it`] : [];
}

function hasExemption({ sandbox }: World, userName: string): boolean {
  const { tags = {} } = sandbox.aws.iam.state.users.get(userName.toLowerCase()) ?? {};
  return tags['keyrotate:exempt'] !== undefined;
}
