// The moments worth looking at, each played from the beginning by the people who live through it.
import { HOUR, MINUTE } from '../clock.ts';
import type { Mode } from '../deployment/serverless-yaml.ts';
import { seedIam } from '../organisation.ts';
import { turnOff } from '../play/console.ts';
import { credentialsOf, readSecret, secretPath } from '../play/outcome.ts';
import {
  applicationUses,
  buttons,
  card,
  command,
  home,
  keysOf,
  openHome,
  openRow,
  passTime,
  press,
  pressInHome,
  run,
} from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';
import { openDm } from '../servers/slack/conversations.ts';
import { passDays } from './time-passes.ts';

export const SCENE_NAMES = [
  ...['first-message', 'new-key', 'still-in-use', 'turned-off', 'done'],
  ...['several-keys', 'two-keys', 'more-time', 'not-mine', 'silence'],
  ...['changed-in-aws', 'admins', 'many-orphans', 'home', 'home-of-admins', 'preview'],
] as const;
export type SceneName = (typeof SCENE_NAMES)[number];

export interface Scene {
  title: string;
  /** Who should be looking. */
  as: 'ana' | 'ben' | 'chloe' | 'dan' | 'sam';
  /** Where; the direct messages where it is left out. */
  in?: 'admins' | 'home';
  mode?: Mode;
  /** It is a step of the first walk, and that says what comes next. */
  isOfFirstWalk?: true;
  /** After the first sweep. */
  play?(sandbox: Sandbox): Promise<void>;
}

export const SCENES: Record<SceneName, Scene> = {
  'first-message': { title: 'A key is due', as: 'ana', isOfFirstWalk: true },
  'new-key': { title: 'The new key is ready', as: 'ana', isOfFirstWalk: true, play: create },
  'still-in-use': { title: 'The old key is still used', as: 'ana', isOfFirstWalk: true, play: stillInUse },
  'turned-off': { title: 'The old key is off', as: 'ana', isOfFirstWalk: true, play: turnedOff },
  done: { title: 'Done', as: 'ana', isOfFirstWalk: true, play: done },
  'several-keys': { title: 'Several keys at once', as: 'ben' },
  'two-keys': {
    title: 'A user with two keys',
    as: 'chloe',
    play: (sandbox) => openRow(sandbox, sandbox.organisation.people.chloe, 'two-keys'),
  },
  'more-time': { title: 'More time is asked for', as: 'sam', in: 'admins', play: moreTime },
  'not-mine': { title: 'Not mine', as: 'sam', in: 'admins', play: notMine },
  silence: {
    title: 'Nobody answers',
    as: 'sam',
    in: 'admins',
    play: silence,
  },
  'changed-in-aws': { title: 'Changed past keyrotate', as: 'chloe', play: changedInAws },
  admins: {
    title: 'The admins’ summary',
    as: 'sam',
    in: 'admins',
    play: (sandbox) => run(sandbox, 'summary'),
  },
  'many-orphans': { title: '315 users, half without an owner', as: 'sam', in: 'admins', play: manyOrphans },
  home: { title: 'Home, for an owner', as: 'ben', in: 'home', play: ofBen },
  'home-of-admins': { title: 'Home, for an admin', as: 'sam', in: 'home', play: someWeeks },
  preview: { title: 'Before going live', as: 'sam', in: 'admins', mode: 'preview', play: preview },
};

const USER = 'ci-deploy';

async function create(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await press(sandbox, ana, card(sandbox, ana, USER), 'Create new key');
}

async function stillInUse(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await create(sandbox);
  const [oldKey, newKey] = keysOf(sandbox, USER);
  await readSecret(sandbox, credentialsOf(sandbox, USER, oldKey?.id ?? ''), secretPath(sandbox, USER));
  sandbox.clock.advance(20 * MINUTE);
  // One of two applications has the new key, the other still the old one.
  await applicationUses(sandbox, newKey?.id ?? '', 's3');
  await applicationUses(sandbox, oldKey?.id ?? '', 'ecr');
  await press(sandbox, ana, card(sandbox, ana, USER), 'I replaced it everywhere', {
    'Where did you replace it?': 'GitHub org/app, web-1, web-2',
  });
  await press(sandbox, ana, card(sandbox, ana, USER), 'Turn off the old key');
}

async function turnedOff(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await stillInUse(sandbox);
  await press(sandbox, ana, card(sandbox, ana, USER), 'Turn it off when quiet');
  // Over a weekend it may be three days.
  await passDays(sandbox, 4);
}

async function done(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await turnedOff(sandbox);
  await passDays(sandbox, 8);
  await press(sandbox, ana, card(sandbox, ana, USER), 'Delete for good');
}

async function ofBen(sandbox: Sandbox): Promise<void> {
  await openHome(sandbox, sandbox.organisation.people.ben);
}

const STEPS = ['Create new key', 'I replaced it everywhere', 'Turn off the old key', 'Delete for good'];

/** Three days of each week the owners take a step from their Home, and their applications go over to the new keys. */
async function someWeeks(sandbox: Sandbox): Promise<void> {
  const { ana, ben, chloe, sam } = sandbox.organisation.people;
  for (let week = 0; week < 3; week += 1) {
    for (let day = 0; day < 3; day += 1) {
      for (const person of [ana, ben, chloe]) await takeStep(sandbox, person);
      await passDays(sandbox, 1);
    }
    await passDays(sandbox, 4);
  }
  await openHome(sandbox, sam);
}

async function takeStep(sandbox: Sandbox, person: string): Promise<void> {
  await openHome(sandbox, person);
  const offered = buttons(home(sandbox, person));
  const step = STEPS.findLast((label) => offered.includes(label));
  if (!step) return;
  await pressInHome(sandbox, person, step, {}, 1);
  const unused = [...sandbox.aws.iam.state.users.values()].flatMap(({ keys }) =>
    keys.length > 1 ? keys.filter(({ lastUsed }) => !lastUsed) : [],
  );
  for (const { id } of unused) await applicationUses(sandbox, id, 's3');
}

async function moreTime(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await press(sandbox, ana, card(sandbox, ana, USER), 'I need more time', {
    'Until when?': '2027-01-29',
    'Why?': 'The vendor ships an agent that can rotate in January',
  });
}

async function notMine(sandbox: Sandbox): Promise<void> {
  const { ana } = sandbox.organisation.people;
  await press(sandbox, ana, card(sandbox, ana, USER), 'Not mine', {
    'Whose is it, if you know?': 'Ben took over the deploys in May',
  });
}

/** For two weeks, until early on the Monday: what admins are told of it comes before the summary. */
async function silence(sandbox: Sandbox): Promise<void> {
  await passDays(sandbox, 14 - 2 / 24);
}

async function changedInAws(sandbox: Sandbox): Promise<void> {
  turnOff(sandbox, 'chloe@example.com', keysOf(sandbox, 'chloe@example.com')[0]?.id ?? '');
  await run(sandbox, 'sweep');
  await passTime(sandbox, 16 * MINUTE);
  await passTime(sandbox, 17 * HOUR);
}

/** Of four teams, whose names are all that tells whose they are. As many others have an owner, and nothing to do yet. */
const ORPHANS: [string, number][] = [
  ['ci', 60],
  ['batch', 40],
  ['etl', 30],
  ['legacy', 20],
];

async function manyOrphans(sandbox: Sandbox): Promise<void> {
  const { people, teamChannel, region } = sandbox.organisation;
  const { aws, clock, slack } = sandbox;
  slack.workspace.channels.get(teamChannel)?.members.push(people.sam);
  const users = ORPHANS.flatMap(([team, number], nth) =>
    Array.from({ length: number }, (_, one) => ({
      name: `${team}-${String(one + 1).padStart(2, '0')}`,
      keys: [{ age: 95 + nth * 70 + one, usedHoursAgo: 5 + one }],
    })),
  );
  const owned = Array.from({ length: 150 }, (_, nth) => ({
    name: `app-${String(nth + 1).padStart(3, '0')}`,
    tags: { 'keyrotate:owner': [people.ana, people.ben, people.chloe, people.dan][nth % 4] ?? '' },
    keys: [{ age: 1 + (nth % 75), usedHoursAgo: 5 }],
  }));
  seedIam(aws.iam, clock, [...users, ...owned], region);
  clock.advance(5 * HOUR);
  await run(sandbox, 'sweep');
  await run(sandbox, 'summary');
}

async function preview(sandbox: Sandbox): Promise<void> {
  const { sam } = sandbox.organisation.people;
  await run(sandbox, 'check');
  await command(sandbox, sam, 'summary', openDm(sandbox.slack.workspace, sam).id);
}
