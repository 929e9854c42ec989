// Every move, sighting, tick, sweep and command: how it begins, and what is done. Each of its calls gets broken in turn.
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import type { SeededUser } from '../sandbox/organisation.ts';
import * as console_ from '../sandbox/play/console.ts';
import { buttons, cards, home, keysOf } from '../sandbox/play/play.ts';
import { READER_ROLE } from '../sandbox/sandbox.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import {
  adminPosts,
  anHour,
  cardsAbout,
  interfere,
  otherAccounts,
  type Pressed,
  passes,
  presses,
  runs,
  SECOND,
  seed,
  sends,
  type Task,
  types,
  uses,
  type World,
  writes,
} from './fault-world.ts';
import { die } from './strike.ts';

export interface Scene {
  title: string;
  /** Everything up to the act. */
  begin(world: World): Promise<void>;
  /** What is done. People hear at once when it does not reach the app. */
  act(world: World): Promise<Pressed>;
  /** A call that the act is about. Where it is not made the scene shows nothing. */
  makes: string;
  /** Does it once more, where that takes more than the act. */
  again?: Scene['act'];
  /** A move of a person: when it is not done they hear so, and pressing again does it. */
  isMove: boolean;
  /** It is about a user of the second account, who has a namesake in the first. */
  isElsewhere?: true;
}

/** The IAM user whom every scene is about, and somebody else's, whose keys must never change. */
export const APP = 'ci-main';
export const BYSTANDER = 'payroll';

const CREATE = 'Create new key';
const REPLACED = 'I replaced it everywhere';
const OFF = 'Turn off the old key';
const UNNEEDED = "I don't need this key";
const BACK_ON = 'Turn it back on';
const DELETE = 'Delete for good';
const TIME = 'I need more time';

const OWNER_TAG = 'keyrotate:owner';
const OLD = { age: 83, usedHoursAgo: 30 * 24 };
const anas = (...keys: SeededUser['keys']): SeededUser => ({
  name: APP,
  tags: { [OWNER_TAG]: 'ana@example.com' },
  keys,
});

const BEFORE_TICK = 6 * MINUTE;

/** Seeds and sweeps, on a Monday morning, at eleven in Madrid: nobody has heard of it yet. */
const found =
  (...users: SeededUser[]) =>
  async (world: World): Promise<void> => {
    world.sandbox.clock.advance(60 * MINUTE);
    const bens = { [OWNER_TAG]: 'ben@example.com' };
    const bystander = { name: BYSTANDER, tags: bens, keys: [{ age: 40, usedHoursAgo: 2 }, { age: 20 }] };
    seed(world, bystander, ...users);
    const isElsewhere = world.sandbox.organisation.account === SECOND.account;
    for (const sandbox of otherAccounts(world))
      seed({ ...world, sandbox }, bystander, ...(isElsewhere ? [{ ...bystander, name: APP }] : []));
    await runs(world, 'sweep');
  };

/** Waits, too, until whoever is to hear of it has heard. */
async function begun(world: World, ...users: SeededUser[]): Promise<void> {
  await found(...users)(world);
  await passes(world, BEFORE_TICK);
}

const cardOf = (world: World, userName = APP) => cardsAbout(world, world.people.ana, userName)[0];
const keys = (world: World) => keysOf(world.sandbox, APP);

const press =
  (button: string | RegExp, values?: Record<string, string>) =>
  (world: World): Promise<Pressed> =>
    presses(world, world.people.ana, cardOf(world), button, values);

/** Ana opens Home; its worker comes afterwards. */
const opensHome = (world: World): Promise<Pressed> =>
  sends(world, world.sandbox.slack.people.appHomeOpened({ user: world.people.ana }));

/** What stands there may be from before: it is opened first, as somebody does who looks. */
const pressesInHome =
  (button: string) =>
  async (world: World): Promise<Pressed> => {
    const { sandbox, people } = world;
    if (!buttons(home(sandbox, people.ana)).includes(button)) return 'none';
    return sends(world, sandbox.slack.people.clickInHome({ user: people.ana, button }));
  };

/** Sam, on the newest message in the admin channel. */
const decide =
  (button: string | RegExp) =>
  (world: World): Promise<Pressed> =>
    presses(world, world.people.sam, adminPosts(world).at(-1), button);

const type =
  (text: string) =>
  (world: World): Promise<Pressed> =>
    types(world, world.people.sam, text.replace('@ben', `<@${world.people.ben}>`));

const typeOfYounger = (world: World): Promise<Pressed> =>
  types(world, world.people.sam, `rotate ${APP} ${keys(world).at(-1)?.id.slice(-4)}`);

/** On the message that lists several of hers. */
const openFromList = (world: World): Promise<Pressed> => {
  const list = cards(world.sandbox, world.people.ana).find((message) => buttons(message).includes('Open'));
  return presses(world, world.people.ana, list, 'Open');
};

/** One press on that list, and one confirmation, for all that are on it. */
const onAll =
  (button: string) =>
  (world: World): Promise<Pressed> => {
    const list = cards(world.sandbox, world.people.ana).find((message) => buttons(message).includes(button));
    return presses(world, world.people.ana, list, button);
  };

/** Long enough for admins to have heard of it. */
const silence = (world: World) => passes(world, 15 * DAY);

const handOverAll = (world: World): Promise<Pressed> => {
  const { sam, ben } = world.people;
  return presses(world, sam, adminPosts(world).at(-1), 'Hand over all of these', { 'To whom?': ben });
};

/** What the admin was answered last, in the direct conversation. */
const shownLast = ({ sandbox, people }: World) => inbox(sandbox.slack.workspace, people.sam).at(-1);

const seesWho = async (world: World): Promise<Pressed> => {
  await writes(world, world.people.sam, 'summary');
  return presses(world, world.people.sam, shownLast(world), 'See who');
};

const handOverShown = (world: World): Promise<Pressed> => {
  const { sam, ben } = world.people;
  return presses(world, sam, shownLast(world), 'Hand over all of these', { 'To whom?': ben });
};

const RULE = 'owners * -> <@ben>';

const planOwners = (world: World): Promise<Pressed> => {
  const { sam, ben } = world.people;
  return writes(world, sam, RULE.replace('ben', ben));
};

/** In the direct conversation. */
const assignThese = (world: World): Promise<Pressed> => {
  const { sam } = world.people;
  return presses(world, sam, cards(world.sandbox, sam).at(-1), 'Assign these 3');
};

const timePasses =
  (ms: number) =>
  async (world: World): Promise<Pressed> => {
    await passes(world, ms);
    return 'taken';
  };

const scheduled =
  (task: Task) =>
  async (world: World): Promise<Pressed> => {
    await runs(world, task);
    // What a sweep finds is told by the tick that follows.
    if (task === 'sweep') await passes(world, BEFORE_TICK);
    return 'taken';
  };

/** What a sweep finds is told by the next tick. */
const sweptAndTold = async (world: World): Promise<Pressed> => {
  await runs(world, 'sweep');
  return timePasses(BEFORE_TICK)(world);
};

type Step = (world: World) => Promise<unknown> | unknown;

const after =
  (ms: number): Step =>
  (world) =>
    passes(world, ms);

/** A step of the beginning that does not do what it says would make the whole scene about something else. */
async function follow(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const outcome = await step(world);
    if (outcome === 'none' || outcome === 'lost') throw new Error(`the scene cannot begin: ${step}`);
  }
}

const from =
  (users: SeededUser[], ...steps: Step[]) =>
  async (world: World): Promise<void> => {
    await begun(world, ...users);
    await follow(world, steps);
  };

const newIsUsed: Step = (world) => uses(world, APP, keys(world).at(-1)?.id);
const day = after(DAY);
const week = after(8 * DAY);
const quarter = after(16 * MINUTE);
const inDays = (world: World, days: number) =>
  new Date(world.sandbox.clock.now() + days * DAY).toISOString().slice(0, 10);
const WHY = 'The vendor ships a new agent next week';
const askTime =
  (days: number) =>
  (world: World): Promise<Pressed> =>
    presses(world, world.people.ana, cardOf(world), TIME, {
      'Until when?': inDays(world, days),
      'Why?': WHY,
    });

const tagBen: Step = ({ sandbox }) => console_.tag(sandbox, APP, { [OWNER_TAG]: 'ben@example.com' });

/** Something that somebody does in the console to the user's key, the older or the newer one. */
const inConsole =
  (change: (sandbox: World['sandbox'], userName: string, keyId: string) => void, nth: number): Step =>
  (world) =>
    change(world.sandbox, APP, keys(world)[nth]?.id ?? '');

/** Changed in the console, and seen once already: a second look follows. */
const sighting = (title: string, makes: string, before: readonly Step[], change: Step): Scene => {
  const isSeenOnce: Step = (world) => runs(world, 'sweep');
  const begin = from(one, ...before, quarter, change, isSeenOnce);
  return other(title, makes, begin, timePasses(16 * MINUTE));
};

const one = [anas(OLD)];
const three = [APP, 'ci-second', 'ci-third'].map((name) => ({ ...anas(OLD), name }));
/** Nothing names anybody. */
const unowned: SeededUser[] = [APP, 'ci-second', 'ci-third'].map((name) => ({ name, keys: [OLD] }));
const migrated = [press(CREATE), newIsUsed, press(REPLACED), day];
const WHEN_QUIET = 'Turn it off when quiet';
const oldIsUsed: Step = (world) => uses(world, APP, keys(world)[0]?.id);
/** On a Monday, to be carried out on the Tuesday. */
const decided = [press(CREATE), newIsUsed, press(REPLACED), press(WHEN_QUIET)];
const busy = [anas({ age: 83, usedHoursAgo: 1 })];
const switchedOff = [...migrated, press(OFF)];

/** A createKey that died right after the key was made. */
const strand: Step = async (world) => {
  interfere(world, ({ action }) => (action === 'CreateAccessKey' ? die(world) : undefined));
  await press(CREATE)(world);
  interfere(world);
  await anHour(world);
};

const move = (
  title: string,
  makes: string,
  begin: Scene['begin'],
  act: Scene['act'],
  more: Pick<Scene, 'again'> = {},
): Scene => ({ title, makes, begin, act, isMove: true, ...more });
const other = (title: string, makes: string, begin: Scene['begin'], act: Scene['act']): Scene => ({
  title,
  makes,
  begin,
  act,
  isMove: false,
});

const MAKES_KEY = 'iam:CreateAccessKey';
const TURNS_KEY = 'iam:UpdateAccessKey';
const DELETES_KEY = 'iam:DeleteAccessKey';
const REDRAWS = 'slack:chat.update';
const POSTS = 'slack:chat.postMessage';
const REMOVES = 'slack:chat.delete';
const PUBLISHES = 'slack:views.publish';
const SAVES = 'dynamodb:PutItem';
const ANSWERS = 'slack:response_url';

/** As many labels as AWS allows. The first is that of the old key, which was made here, too; the others' keys are gone. */
const labelsRunOut: Step = (world) => {
  const all = [...world.sandbox.aws.secrets.state.secrets.values()];
  const secret = all.find(({ name }) => name.includes(APP));
  const [version] = secret?.versions.values() ?? [];
  const [old] = keys(world);
  if (!secret || !version || !old) throw new Error('nothing was ever stored');
  const gone = Array.from({ length: 17 }, (_, nth) => `AKIAGONE0000000000${nth + 10}`);
  const value = JSON.stringify({ AccessKeyId: old.id, SecretAccessKey: old.secret });
  const earlier = { ...version, value, stages: new Set([old.id, ...gone]) };
  secret.versions = new Map([[crypto.randomUUID(), earlier], ...secret.versions]);
};

/** The role that SECRET_READERS names. */
const withoutReader: Step = ({ sandbox }) => {
  sandbox.aws.iam.state.roles.delete(READER_ROLE);
};

const withReader: Step = ({ sandbox }) => {
  sandbox.aws.iam.addRole(READER_ROLE, []);
};

const FOR_GOOD = / for good$/;
/** What is asked twice whatever the evidence. */
const twice =
  (first: RegExp, second: RegExp): Scene['act'] =>
  async (world) => {
    // What was asked on other evidence is asked anew.
    for (let asked = 0; asked < 2; asked += 1)
      if ((await press(second)(world)) === 'none') await press(first)(world);
    await press(second)(world);
    return 'taken';
  };

const newer = { age: 12, usedHoursAgo: 1 };
const parked = { age: 400, status: 'Inactive' as const };

const HERE: readonly Scene[] = [
  move('createKey', MAKES_KEY, from(one), press(CREATE)),
  move('createKey in Home', MAKES_KEY, from(one, opensHome), pressesInHome(CREATE), {
    again: async (world) => {
      await opensHome(world);
      return pressesInHome(CREATE)(world);
    },
  }),
  other('Home is opened', PUBLISHES, from(one), opensHome),
  move('createKey with a reader unknown', MAKES_KEY, from(one, withoutReader), press(CREATE)),
  move('discardNewKey', DELETES_KEY, from(one, press(CREATE)), press('Discard new key')),
  move(
    'createKey when the labels have run out',
    'secretsmanager:UpdateSecretVersionStage',
    from(one, press(CREATE), press('Discard new key'), labelsRunOut),
    press(CREATE),
  ),
  move('confirmMigration', REDRAWS, from(one, press(CREATE), newIsUsed), press(REPLACED)),
  move('confirmMigration of what nobody has fetched', REDRAWS, from(one, press(CREATE)), press(REPLACED)),
  move('reopen', REDRAWS, from(one, press(CREATE), newIsUsed, press(REPLACED)), press('Not yet, go back')),
  move('deactivate', TURNS_KEY, from(one, ...migrated), press(OFF)),
  move('turnOffWhenQuiet', REDRAWS, from(busy, press(CREATE), newIsUsed, press(REPLACED)), press(WHEN_QUIET)),
  move('keepOn', REDRAWS, from(busy, ...decided), press('Keep it on')),
  move('reactivate', TURNS_KEY, from(one, ...switchedOff), press(BACK_ON)),
  move('delete', DELETES_KEY, from(one, ...switchedOff, week), press(DELETE)),
  move('retire', TURNS_KEY, from(one), press(UNNEEDED)),
  move('createKey after retire', MAKES_KEY, from(one, press(UNNEEDED)), press(CREATE)),
  move('reactivate after retire', TURNS_KEY, from(one, press(UNNEEDED)), press(BACK_ON)),
  move('delete after retire', DELETES_KEY, from(one, press(UNNEEDED), week), press(DELETE)),
  move('adopt', REDRAWS, from([anas(OLD, newer)]), press(/ replaces /)),
  move('undoAdopt', REDRAWS, from([anas(OLD, newer)], press(/ replaces /)), press(/^Not the replacement/)),
  move('keepBoth', POSTS, from([anas(OLD, newer)]), press('Both are needed')),
  move('switchKey', REDRAWS, from([anas(OLD, { ...OLD, age: 80 })]), press(/^Start with /)),
  move(
    'clearSlot',
    DELETES_KEY,
    from([anas(OLD, parked)], press(/^Remove .* to make room$/)),
    press(FOR_GOOD),
    {
      again: twice(/^Remove .* to make room$/, FOR_GOOD),
    },
  ),
  move('discardStranded', DELETES_KEY, from(one, strand, press(/^Remove /)), press(FOR_GOOD), {
    again: twice(/^Remove /, FOR_GOOD),
  }),
  move('postpone', REDRAWS, from(one), askTime(7)),
  move('postpone with a new key', REDRAWS, from(one, press(CREATE)), askTime(7)),
  move('askForTime', POSTS, from(one), askTime(60)),
  move('approve', REDRAWS, from(one, askTime(60)), decide('Approve')),
  move('decline', REDRAWS, from(one, askTime(60)), decide('Decline')),
  move('resume', REDRAWS, from(one, askTime(7)), press('I need no more time')),
  move('notMine', POSTS, from(one), press('Not mine', { 'Whose is it, if you know?': 'Ben took it over' })),

  other(
    'a sweep once an unknown reader was made',
    'secretsmanager:PutResourcePolicy',
    from(one, withoutReader, press(CREATE), quarter, withReader),
    scheduled('sweep'),
  ),
  other(
    'a sweep that finds a key due',
    SAVES,
    (world) => begun(world),
    async (world) => {
      seed(world, anas(OLD));
      await runs(world, 'sweep');
      return 'taken';
    },
  ),
  other('a sweep in the middle of a rotation', SAVES, from(one, press(CREATE), day), scheduled('sweep')),
  other('the first word to an owner', POSTS, found(anas(OLD)), timePasses(BEFORE_TICK)),
  other(
    'a reminder of several keys',
    POSTS,
    found(anas(OLD), { ...anas(OLD), name: 'ci-second' }),
    timePasses(BEFORE_TICK),
  ),
  other('new keys for several at once', MAKES_KEY, from(three), onAll('Create 3 new keys')),
  other('several that nobody needs', TURNS_KEY, from(three), onAll('None of these is needed')),
  other('a postponement that ends', POSTS, from(one, askTime(7), after(6 * DAY)), timePasses(2 * DAY)),
  other('nobody answers', POSTS, from(one, after(11 * DAY)), timePasses(4 * DAY)),
  other('an owner who is nudged', SAVES, from(one, silence), decide('Nudge')),
  other('a row that is handed over', REDRAWS, from(three, silence), handOverAll),
  other('a row of the summary’s list is handed over', SAVES, from(three, silence, seesWho), handOverShown),
  other(
    'nobody answers, and time goes on',
    REMOVES,
    from(one, after(11 * DAY), after(4 * DAY)),
    timePasses(8 * DAY),
  ),
  other('three without an owner', POSTS, found(...unowned), timePasses(BEFORE_TICK)),
  other('one of three gets an owner', REDRAWS, from(unowned), type(`assign ${APP} @ben`)),
  other('many owners are planned', SAVES, from(unowned), planOwners),
  other('many owners are assigned', SAVES, from(unowned, planOwners), assignThese),
  other(
    'what was decided is carried out',
    TURNS_KEY,
    from(busy, ...decided, after(22 * HOUR)),
    timePasses(2 * HOUR),
  ),
  other(
    'what was decided, and the old key was used again',
    'iam:GetAccessKeyLastUsed',
    from(busy, ...decided, after(22 * HOUR), oldIsUsed),
    timePasses(2 * HOUR),
  ),
  other(
    'what was decided, and the new key is not in use',
    REDRAWS,
    from(busy, press(CREATE), press(REPLACED), press(WHEN_QUIET), after(22 * HOUR)),
    timePasses(2 * HOUR),
  ),
  other('the morning after a key went off', POSTS, from(one, ...switchedOff), timePasses(DAY)),
  other('the end of a grace period', POSTS, from(one, ...switchedOff, after(6 * DAY)), timePasses(2 * DAY)),

  sighting('oldKeyOff', REDRAWS, [], inConsole(console_.turnOff, 0)),
  sighting('oldKeyGone', REDRAWS, [], inConsole(console_.removeKey, 0)),
  sighting('oldKeyOn', POSTS, switchedOff, inConsole(console_.turnOn, 0)),
  sighting('newKeyGone', REDRAWS, [press(CREATE)], inConsole(console_.removeKey, 1)),
  sighting('newKeyOff', REDRAWS, [press(CREATE)], inConsole(console_.turnOff, 1)),
  sighting('newKeyOff while the old one is off', POSTS, switchedOff, inConsole(console_.turnOff, 1)),
  other(
    'otherKeyFound',
    REDRAWS,
    from(one, (world) => console_.createKey(world.sandbox, APP)),
    scheduled('sweep'),
  ),
  other(
    'secrets of a user that is gone deleted',
    'secretsmanager:DeleteSecret',
    from(
      one,
      press(CREATE),
      quarter,
      ({ sandbox }) => console_.removeUser(sandbox, APP),
      ...[scheduled('sweep'), quarter, scheduled('sweep'), quarter, day, scheduled('summary')],
    ),
    decide('Delete these secrets…'),
  ),
  sighting('userGone', REDRAWS, [], ({ sandbox }) => console_.removeUser(sandbox, APP)),
  other(
    'a user renamed',
    REDRAWS,
    from(one, press(CREATE), quarter, (world) => console_.renameUser(world.sandbox, APP, 'ci-renamed')),
    scheduled('sweep'),
  ),
  other('another owner by tag', POSTS, from(one, tagBen), sweptAndTold),
  other(
    'another owner by tag while more time is asked for',
    POSTS,
    from(one, askTime(60), tagBen),
    sweptAndTold,
  ),
  other(
    'an owner who left',
    POSTS,
    // The members of the workspace are read once in a night.
    from(one, day, ({ sandbox, people }) => {
      const ana = sandbox.slack.workspace.members.get(people.ana);
      if (ana) ana.deleted = true;
    }),
    sweptAndTold,
  ),

  other('another owner by button', REMOVES, from(one, tagBen, sweptAndTold), decide(/^Hand over to /)),
  other(
    'a card opened from a list',
    POSTS,
    from([anas(OLD), { ...anas(OLD), name: 'ci-second' }]),
    openFromList,
  ),

  other('/keyrotate rotate', POSTS, from([anas({ age: 20, usedHoursAgo: 30 * 24 })]), type(`rotate ${APP}`)),
  other(
    '/keyrotate rotate of the younger key',
    POSTS,
    from([anas(OLD, { age: 20, usedHoursAgo: 30 * 24 })]),
    typeOfYounger,
  ),
  other(
    '/keyrotate rotate by whom the tags name since the last rotation',
    POSTS,
    from(one, press(UNNEEDED), week, press(DELETE), tagBen),
    (world) => types(world, world.people.ben, `rotate ${APP}`),
  ),
  other('/keyrotate assign', REMOVES, from(one), type(`assign ${APP} @ben`)),
  other(
    '/keyrotate assign while more time is asked for',
    REDRAWS,
    from(one, askTime(60)),
    type(`assign ${APP} @ben`),
  ),
  other('/keyrotate unassign', REMOVES, from(one, type(`assign ${APP} @ben`), day), type(`unassign ${APP}`)),
  other('/keyrotate show', POSTS, from(one), type(`show ${APP}`)),
  other('/keyrotate list', ANSWERS, from(one), type('list')),
  other('/keyrotate status', ANSWERS, from(one), type('status')),
  other('/keyrotate status of somebody else', ANSWERS, from(one), type('status @ben')),
  other('/keyrotate summary', ANSWERS, from(one), type('summary')),
  other('/keyrotate sweep', 'iam:GetCredentialReport', from(one), type('sweep')),
  other('the summary', POSTS, from(one), scheduled('summary')),
  other('/keyrotate check', ANSWERS, from(one), type('check')),
  other('/keyrotate redrive', ANSWERS, from(one), type('redrive')),
  other('the check after a deployment', POSTS, from(one), scheduled('check')),
  other(
    'the check after a night without a sweep',
    POSTS,
    from(one, scheduled('check'), day, day),
    scheduled('check'),
  ),
];

/** What changes AWS, and what goes over all accounts. */
const ELSEWHERE = [
  ...['createKey', 'discardNewKey', 'discardStranded', 'deactivate', 'reactivate', 'delete', 'retire'],
  ...[
    'a sweep in the middle of a rotation',
    'what was decided is carried out',
    'secrets of a user that is gone deleted',
  ],
];

/** As a scene in the second account is called. */
export const inSecond = (title: string): string => `${title} in another account`;

export const SCENES: readonly Scene[] = [
  ...HERE,
  ...HERE.filter(({ title }) => ELSEWHERE.includes(title)).map(
    (scene): Scene => ({ ...scene, title: inSecond(scene.title), isElsewhere: true }),
  ),
];
