// Every kind of message and form, with texts that somebody else chose in every place that has one.
import type { ModalView } from '@slack/types';
import { buildAdminList, buildAdminNotice } from '../../../src/adapters/slack/blocks/admin-notice.ts';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { buildDigest, buildPressedMany } from '../../../src/adapters/slack/blocks/digest.ts';
import { buildForm, buildHandOverForm, buildManyForm } from '../../../src/adapters/slack/blocks/forms.ts';
import { buildHistory } from '../../../src/adapters/slack/blocks/history.ts';
import { buildHome, type Home, type HomeFacts } from '../../../src/adapters/slack/blocks/home.ts';
import { buildHow } from '../../../src/adapters/slack/blocks/how.ts';
import {
  buildAssigned,
  buildHandedOver,
  buildHelp,
  buildList,
  buildNudged,
  buildRefusal,
  buildSecretsDeleted,
  buildShown,
  buildStatus,
  buildUnassigned,
  buildWhich,
} from '../../../src/adapters/slack/blocks/notice.ts';
import {
  buildOwners,
  buildOwnersForm,
  buildOwnersTable,
  buildPlanForm,
  buildPlanMessage,
} from '../../../src/adapters/slack/blocks/owners.ts';
import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import { carried } from '../../../src/adapters/slack/blocks/press.ts';
import { buildSecretsNotice } from '../../../src/adapters/slack/blocks/secrets.ts';
import {
  buildSummary,
  buildSummaryList,
  buildSummaryTable,
} from '../../../src/adapters/slack/blocks/summary.ts';
import type { LastUse } from '../../../src/domain/access-key.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { MATTER_KINDS, type MatterKind } from '../../../src/domain/message.ts';
import { isFormMove } from '../../../src/domain/moves/rows.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import type { Actor, Rotation } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { MOVE_NAMES, STAGES, type Stage } from '../../../src/domain/transitions.ts';
import { vaultPath } from '../../../src/domain/vault-path.ts';
import type {
  Ownerless,
  OwnerlessUser,
  OwnersAssigned,
  OwnersPreview,
  OwnersRow,
  PassedOver,
  PlannedLine,
  PressedMany,
} from '../../../src/usecases/commands/answers.ts';
import type { HomePage } from '../../../src/usecases/home/home-page.ts';
import { MOVES_OF_MANY, SUMMARY_LISTS, TOOLS } from '../../../src/usecases/jobs.ts';
import type { Summary } from '../../../src/usecases/night/gathered-summary.ts';
import { refusalsWith } from './any-refusal.ts';
import { entry, MORE_TIME, NOW, newKey, OLD, OTHER, POLICY, ROTATIONS, userAt, viewOf } from './fixtures.ts';
import { LONGEST } from './hostile.ts';
import { QUIET } from './summaries.ts';

/** Of nothing but what IAM and the configuration allow. */
const VAULT_PATH = vaultPath('/iam/keys', {
  account: '111122223333',
  userName: LONGEST,
  userId: 'AIDA'.padEnd(21, 'X'),
});

const HELPERS = { channel: 'C456' };

const ROLES = ['owner', 'admin'] as const;

/** Each by its name. */
export function messagesWith(text: string): [string, Content][] {
  const accountName = () => text;
  const facts = { accountName, helpers: HELPERS };
  const users = STAGES.map((stage) => hostileAt(stage, text));
  const [user = userAt('due')] = users;
  const view = (one: IamUser) =>
    viewOf(one, { accountName: text, vaultPath: VAULT_PATH, isFirst: true, helpers: HELPERS });
  const place = { channel: 'D1' };
  const command = { kind: 'command', personId: 'U0ANA', place } as const;
  return [
    ...users.flatMap((one) =>
      ROLES.map((as): [string, Content] => [
        `the card at ${one.rotation?.stage} for the ${as}`,
        buildCard({ ...view(one), as }),
      ]),
    ),
    ['the list of reminders', buildDigest(Array(5).fill(users).flat().map(view))],
    ['the list of keys', buildList({ ...listOf(users), at: NOW, more: 1 }, facts)],
    [
      'the status',
      buildStatus(
        { lines: [statusLine(user)], channelsUnanswered: true },
        { slackId: text },
        NOW,
        accountName,
      ),
    ],
    ['the summary', summaryOf(user, text)],
    ...SUMMARY_LISTS.map((list): [string, Content] => [
      `the list ${list}`,
      buildSummaryList({ ...namesOf(text), list, users: [user], now: NOW }),
    ]),
    [
      'the notice of deleted secrets',
      buildSecretsNotice({
        slackId: text,
        personName: () => text,
        now: NOW,
        paths: Array(300).fill(VAULT_PATH),
      }),
    ],
    ...MATTER_KINDS.flatMap((matter): [string, Content][] => [
      [`the matter ${matter}`, noticeOf(user, matter, text)],
      [
        `the list of ${matter}`,
        buildAdminList({
          matter,
          open: users,
          settled: 1,
          retold: 1,
          drawing: () => 'd1',
          ...namesOf(text),
          now: NOW,
        }),
      ],
    ]),
    ...Object.values(refusalsWith(text))
      .flat()
      .map((refusal): [string, Content] => [
        `the refusal ${refusal.kind}`,
        buildRefusal({ ...user, kind: 'click', personId: 'U0ANA', place }, refusal, facts),
      ]),
    ...users.flatMap(({ rotation }): [string, Content][] =>
      rotation
        ? [
            [
              `the history at ${rotation.stage}`,
              buildHistory({ ...user, rotations: [{ rotation, isOfAnother: true }] }, accountName),
            ],
          ]
        : [],
    ),
    ...TOOLS.map((tool): [string, Content] => [
      `how it is put in place: ${tool}`,
      buildHow(tool, view(hostileAt('issued', text))),
    ]),
    ...MOVES_OF_MANY.map((move): [string, Content] => [
      `what came of one press for many: ${move}`,
      buildPressedMany(
        { move, done: 2, failed: 3, asked: 1, open: users, refused: refusalsAbout(user, text) },
        view,
        facts,
      ),
    ]),
    ['the choice', buildWhich({ name: 'show', target: user }, users, accountName)],
    ['the word where the card is', buildShown(user, accountName)],
    ['the word that tags say who owns it', buildUnassigned(user, accountName)],
    ...passedOver(user).flatMap((passed): [string, Content][] => [
      [
        `the word of a nudge that passes over what is ${passed.why}`,
        buildNudged(
          { owner: user.owner, users: 1, hadTodays: true, at: NOW, passedOver: [passed] },
          accountName,
        ),
      ],
      [
        `the word of deleted secrets that passes over what is ${passed.why}`,
        buildSecretsDeleted({ scheduled: [], passedOver: [passed], wouldBe: 12 }, accountName),
      ],
      [
        `the word of a hand-over that passes over what is ${passed.why}`,
        buildHandedOver(
          { to: { kind: 'person', slackId: text }, users: 1, passedOver: [passed] },
          accountName,
        ),
      ],
    ]),
    ['those without an owner', buildOwners(ownerlessOf(text), accountName, assignedOf(user, text))],
    ['a plan of owners', buildPlanMessage(previewOf(text), accountName)],
    ...tableOf((from) =>
      buildOwnersTable(ownerlessOf(text, 12).users.map(rowOf(text)), from, accountName),
    ).map((part): [string, Content] => ['the table of those without an owner', part]),
    ...tableOf((from) =>
      buildSummaryTable(tabledUsers(user, text), from, { ...namesOf(text), policy: () => POLICY, now: NOW }),
    ).map((part): [string, Content] => ['the table of the summary', part]),
    ['the word who owns it', buildAssigned(user, { kind: 'person', slackId: text }, accountName)],
    ['the refusal of a command', buildRefusal(command, { kind: 'adminsOnly' }, facts)],
    ['the help', buildHelp({ isAdmin: true, example: user }, facts)],
    [
      'the word that this is no command',
      buildHelp({ isAdmin: true, example: user, unclear: { kind: 'unknown', text } }, facts),
    ],
    [
      'the word that there is no such account',
      buildHelp({ isAdmin: false, unclear: { kind: 'unknownAccount', word: 'rotate', name: text } }, facts),
    ],
    [
      'the word what a command looks like',
      buildHelp({ isAdmin: false, example: user, unclear: { kind: 'misused', word: 'show' } }, facts),
    ],
  ];
}

function passedOver({ account, userName }: IamUser): PassedOver[] {
  const all: PassedOver['why'][] = [
    ...(['another', 'settled', 'gone', 'cannotOwn', 'neverAsked', 'nothingNow'] as const),
    ...(['lives', 'open', 'notOurs', 'unanswered'] as const),
  ];
  return all.map((why) => ({ account, userName, why }));
}

export function formsWith(text: string): ModalView[] {
  const place = { channel: 'D1', ts: '1.000001' };
  const user = { account: '111122223333', userName: text.slice(0, 64) };
  const forms = MOVE_NAMES.filter(isFormMove).map((move) =>
    buildForm({ move, isTold: true }, { user, accountName: text, place, policy: POLICY, now: NOW }),
  );
  const users = Array(40).fill({ ...user, drawing: 'abc123.def4' });
  const many = MOVES_OF_MANY.map((move) =>
    buildManyForm({ move, users: carried(users) }, user, place, () => text),
  );
  return [
    ...forms,
    ...many,
    buildHandOverForm({ of: user, matter: 'ownerLeft', mark: 'abc1' }, place),
    buildOwnersForm(ownerlessOf(text), place, () => text, assignedOf(user, text)),
    buildPlanForm(previewOf(text), place, () => text),
  ];
}

const WHY_NOBODY = ['none', 'ambiguous', 'left', 'disowned'] as const;

export function ownerlessOf(text: string, number = 80): Ownerless {
  const users = Array.from({ length: number }, (_, i) => ({
    ...{ account: '111122223333', userName: [...text].slice(0, 64).join('') || 'x', ageDays: 400 - i },
    owner: { kind: 'nobody' as const, why: WHY_NOBODY[i % 4] ?? 'none', named: [text, text] },
  }));
  return { users, total: number + 1, from: 0, search: [...text].slice(0, 60).join('') };
}

function assignedOf({ account }: Pick<IamUser, 'account'>, text: string): OwnersAssigned {
  const parts = Array.from({ length: 60 }, () => ({
    ...{ to: { kind: 'person' as const, slackId: text }, users: 12 },
  }));
  const passed = Array.from({ length: 60 }, () => ({ account, userName: text, why: 'decided' as const }));
  return { parts, passedOver: passed };
}

function previewOf(text: string): OwnersPreview {
  const { users } = ownerlessOf(text);
  const to = { kind: 'channel', channelId: text } as const;
  const lines = Array.from(
    { length: 70 },
    (_, i): PlannedLine => ({ line: i + 1, text, to, users, unknown: Array(9).fill(text) }),
  );
  const problems = (['noMatch', 'nobody', 'cannotOwn', 'tooMany', 'unclear'] as const).map(
    (problem): PlannedLine => ({ line: 3, text, users, problem, unknown: [text, text, text] }),
  );
  return { planId: 'abc1', lines: [...problems, { to, users }, ...lines], left: users, tooMany: 12 };
}

function rowOf(text: string) {
  return (user: OwnerlessUser): OwnersRow => ({ ...user, lastUsed: NOW, tags: { [text]: text, b: text } });
}

/** Whatever people, tags and AWS can say about one IAM user. */
export function hostileAt(stage: Stage, text: string): IamUser {
  const user = userAt(stage);
  const use: LastUse = { seen: 'used', at: NOW - DAY, service: text, region: text };
  const why = { ...MORE_TIME, why: text };
  const rotation: Rotation = ROTATIONS[stage];
  const history = MOVE_NAMES.map((what) => entry(what, { note: text, reason: text, until: NOW }));
  const doubts: Doubt[] = [
    { kind: 'oldKeyInUse', at: NOW, service: text, region: text },
    { kind: 'newKeyInUse', at: NOW, service: text, region: text },
  ];
  return {
    ...user,
    userName: text,
    formerName: text,
    arn: `arn:aws:iam::111122223333:user/${text}`,
    keys: [...user.keys.map((key) => ({ ...key, lastUse: use })), newKey({ id: OTHER, lastUse: use })].slice(
      0,
      2,
    ),
    stranded: [OTHER],
    exempt: { kind: 'until', until: NOW + DAY, why: text },
    usedAt: { text, at: NOW, by: text },
    secretOpenedOn: NOW,
    disowned: { slackId: text, why: text, at: NOW },
    failure: { since: NOW, what: text, code: text },
    rotation: {
      ...rotation,
      ...(stage === 'due' && { request: why, bothNeeded: { at: NOW, by: personCalled(text) } }),
      ...(stage === 'postponed' && why),
      ...(stage === 'deactivated' && { newKeyOutSince: NOW }),
      history,
    },
    question: { move: 'retire', doubts, askedAt: NOW },
  };
}

/** All messages of a table. */
export function tableOf(part: (from: number) => { content: Content; until: number }): Content[] {
  const contents: Content[] = [];
  let from = 0;
  do {
    const { content, until } = part(from);
    if (until === from && contents.length > 0) break;
    contents.push(content);
    from = until;
  } while (contents.length < 100);
  return contents;
}

function tabledUsers(user: IamUser, text: string): IamUser[] {
  const [none] = ownersNamed(text);
  const failure = { since: NOW, what: text, code: text };
  return Array.from({ length: 12 }, () => [user, { ...user, owner: none, failure, stranded: [OLD] }]).flat();
}

function listOf(users: IamUser[]) {
  return { users, ofChannels: 1, unanswered: users.map(({ account }) => account), channelsUnanswered: true };
}

function personCalled(slackId: string): Actor {
  return { kind: 'person', slackId, as: 'owner' };
}

function ownersNamed(text: string) {
  const nobody = (why: Extract<Owner, { kind: 'nobody' }>['why']) =>
    ({ kind: 'nobody', why, named: [text, text] }) satisfies Owner;
  return [nobody('none'), nobody('ambiguous'), nobody('left'), nobody('disowned')] as const;
}

function statusLine({ account, userName }: IamUser) {
  const open = { stage: 'due', deadline: NOW, overdue: true } as const;
  return { account, userName, oldKeyId: OLD, ageDays: 83, ...open };
}

/** Of a user about whom it is open. */
function noticeOf(user: IamUser, matter: MatterKind, text: string): Content {
  const [none, ambiguous, left, disowned] = ownersNamed(text);
  const changes: Record<MatterKind, Partial<IamUser>> = {
    timeAsked: {},
    notMine: { owner: disowned },
    bothNeeded: {},
    ownerChanged: { ownerChange: { to: ambiguous, at: NOW } },
    ownerLeft: { owner: left },
    noOwner: { owner: none },
    silence: {},
    nothingWorks: { keys: [] },
  };
  return buildAdminNotice({
    user: { ...user, ...changes[matter] },
    reader: { as: 'admins', matter, level: 1, at: NOW },
    drawing: 'd1',
    ...{ accountName: text, personName: () => text },
    ...{ policy: POLICY, now: NOW },
  });
}

function namesOf(text: string) {
  return { accountName: () => text, personName: () => text };
}

function summaryOf(user: IamUser, text: string): Content {
  return buildSummary(summaryAbout(user, text), { ...namesOf(text), maxKeyAgeDays: 90 });
}

function summaryAbout({ account, userName }: IamUser, text: string): Summary {
  /** Each has all that a row of any list is made of. */
  const rows = ownersNamed(text).map((owner) => ({
    ...{ account, userName, oldKeyId: OLD, ageDays: 95, owner, to: owner, keyId: OTHER },
    ...{ until: NOW + DAY, why: text, what: text, code: text, since: NOW },
    ...{ count: 1, first: { line: 17, why: text } },
  }));
  const lists = Object.entries(QUIET).filter(([, value]) => Array.isArray(value));
  return {
    ...QUIET,
    ...Object.fromEntries(lists.map(([name]) => [name, rows])),
    stages: { due: 1, postponed: 1, issued: 1, confirmed: 1, deactivated: 1, retired: 1 },
    accounts: {
      inPreview: 1,
      configured: 2,
      swept: 1,
      notSwept: [{ account, refused: { operation: text, code: text } }],
    },
  };
}

/** Every page of Home, of as many IAM users at each stage as are wanted; each by its name. */
export function homesWith(text: string, each = 1): [string, Home][] {
  const users = STAGES.flatMap((stage) =>
    Array.from({ length: each }, (_, nth) => ({
      ...hostileAt(stage, text),
      userName: `${nth}${text}`.slice(0, 64),
    })),
  );
  const [user = userAt('due')] = users;
  const { account, userName } = user;
  const keys = { open: users, others: { ...listOf(users), at: NOW, more: 7 } };
  const trend = Array.from({ length: 12 }, (_, nth) => ({ at: NOW - (12 - nth) * 7 * DAY, share: nth / 12 }));
  const organisation = { summary: { ...summaryAbout(user, text), leftOut: [account] }, trend };
  const rotations = users.flatMap(({ rotation }) => (rotation ? [{ rotation }] : []));
  const history = { account, userName, rotations };
  const refusal = { kind: 'noSuchUser', userName: text } as const;
  const asker = { kind: 'click' as const, ...user, personId: 'U0ANA', place: { channel: '' } };
  const [none] = ownersNamed(text);
  const issued = users.find(({ rotation }) => rotation?.stage === 'issued') ?? user;
  const pressed = {
    ...{ move: 'createKey' as const, done: 1, failed: 1, asked: 1 },
    ...{ open: users, refused: refusalsAbout(user, text) },
  };
  const pages: HomePage[] = [
    { kind: 'own', at: NOW, keys, organisation, said: [{ kind: 'shown', user }] },
    { kind: 'own', at: NOW, keys: { open: [], others: { ...listOf([]), at: NOW, more: 0 } } },
    { kind: 'own', at: NOW, keys: { open: [], others: keys.others } },
    { kind: 'person', at: NOW, slackId: text, keys },
    {
      kind: 'found',
      at: NOW,
      text,
      users: users.map((one) => ({ ...one, user: one })),
      more: 1,
      unanswered: [account],
    },
    { kind: 'user', at: NOW, account, userName, owner: none, keys: user.keys, user, history },
    ...SUMMARY_LISTS.map((list): HomePage => ({ kind: 'list', at: NOW, list, users })),
    { kind: 'barred', at: NOW, refusal },
    {
      ...{ kind: 'own', at: NOW, keys },
      said: [
        { kind: 'refused', asker, refusal },
        { kind: 'pressedMany', pressed },
        { kind: 'how', user: issued, tool: 'process' },
      ],
    },
  ];
  const facts: HomeFacts = {
    ...namesOf(text),
    ...{ maxKeyAgeDays: 90, helpers: HELPERS, policy: () => POLICY },
    view: (one, as) => viewOf(one, { as, accountName: text, vaultPath: VAULT_PATH, helpers: HELPERS }),
  };
  return pages.flatMap((page) =>
    (['drawn', 'in words'] as const).map((charts): [string, Home] => [
      `${page.kind} with charts ${charts}`,
      buildHome(page, facts, charts),
    ]),
  );
}

function refusalsAbout({ account, userName }: IamUser, text: string): PressedMany['refused'] {
  const all = Object.values(refusalsWith(text)).flat();
  return all.slice(0, 30).map((refusal) => ({ account, userName, refusal }));
}
