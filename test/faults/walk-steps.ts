// What may happen in a random walk: people press and type, allowed or not, applications work, somebody is in the console,
// time passes, and calls break.
import fc from 'fast-check';
import { MINUTE } from '../sandbox/clock.ts';
import * as console_ from '../sandbox/play/console.ts';
import { alteredPress, buttons, cards, keysOf } from '../sandbox/play/play.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { APP } from './fault-scenes.ts';
import {
  adminPosts,
  fillsIn,
  interfere,
  type Pressed,
  passes,
  presses,
  runs,
  sends,
  types,
  uses,
  type World,
} from './fault-world.ts';
import { callName, canStrike, FAULTS, type FaultName, mayDouble, strike } from './strike.ts';

export const SECOND = 'ci-second';

const PEOPLE = ['ana', 'ben', 'sam', 'chloe', 'gus'] as const;
type Who = (typeof PEOPLE)[number];
const STRANGERS: ReadonlySet<Who> = new Set(['chloe', 'gus']);
const IN_THE_CONSOLE = ['off', 'on', 'remove', 'create', 'rename', 'tag ben', 'tag ana'] as const;
const TYPED = [
  `rotate ${APP}`,
  `show ${SECOND}`,
  `assign ${APP} @ben`,
  `assign ${APP} @ana`,
  `unassign ${APP}`,
  'list',
  'status',
];
const DAY_OF_MINUTES = 24 * 60;
const WAITS = [6, 20, 200, DAY_OF_MINUTES, 3 * DAY_OF_MINUTES, 8 * DAY_OF_MINUTES];

export type Step =
  | { do: 'press'; who: Who; nth: number }
  | { do: 'type'; who: Who; text: string }
  | { do: 'wait'; minutes: number }
  | { do: 'use'; user: string; nth: number }
  | { do: 'console'; what: (typeof IN_THE_CONSOLE)[number]; user: string; nth: number }
  /** The step after it meets this fault, at its so-many-th call. */
  | { do: 'fault'; at: number; fault: FaultName };

const USERS = [APP, SECOND];
const nth = fc.nat({ max: 11 });
const user = fc.constantFrom(...USERS);

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('press' as const), who: whoever(), nth }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('type' as const),
      who: whoever(),
      text: fc.constantFrom(...TYPED),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(...WAITS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('use' as const), user, nth }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('console' as const),
      what: fc.constantFrom(...IN_THE_CONSOLE),
      user,
      nth,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      at: fc.nat({ max: 24 }),
      fault: fc.constantFrom(...(Object.keys(FAULTS) as FaultName[])),
    }),
  },
);

/** Mostly the owner. */
function whoever(): fc.Arbitrary<Who> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant('ana' as const) }, fc.constantFrom(...PEOPLE));
}

/** What came of a walk so far, for the rules. */
export interface Trace {
  story: string[];
  creates: number;
  /** Whether Slack may have been told twice since. */
  doubles: boolean;
  /** Looks whether the fault that was set last may have had that effect. */
  struck?: () => boolean;
}

export async function take(world: World, step: Step, trace: Trace): Promise<void> {
  if (step.do === 'fault') {
    let left = step.at;
    // Or the first after it that can break so.
    const struck = strike(world, (call) => left-- <= 0 && canStrike(step.fault, call), step.fault);
    trace.struck = () => {
      const call = struck();
      return call !== undefined && mayDouble(step.fault, callName(call));
    };
    trace.story.push(`the call number ${step.at + 1} from here on ${FAULTS[step.fault]}`);
    return;
  }
  trace.story.push(await TAKEN[step.do](world, step as never, trace));
  if (trace.struck?.()) trace.doubles = true;
  delete trace.struck;
  interfere(world);
}

type Taken = {
  [D in Exclude<Step['do'], 'fault'>]: (
    world: World,
    step: Extract<Step, { do: D }>,
    trace: Trace,
  ) => Promise<string>;
};

const TAKEN: Taken = {
  async press(world, { who, nth: at }, trace) {
    const [message, label] = chosen(world, who, at);
    if (!message || !label) return `${who} finds nothing to press`;
    if (!STRANGERS.has(who)) trace.creates += keysMadeBy(label);
    const outcome = STRANGERS.has(who)
      ? await pressesAsStranger(world, who, message, label)
      : await presses(world, world.people[who], message, label, fillsIn(world));
    return `${who} presses “${label}”${outcome === 'lost' ? ', and Slack says that something went wrong' : ''}`;
  },
  async type(world, { who, text }) {
    const { ana, ben } = world.people;
    const outcome = await types(
      world,
      world.people[who],
      text.replace('@ben', `<@${ben}>`).replace('@ana', `<@${ana}>`),
    );
    return `${who} types “/keyrotate ${text}”${outcome === 'lost' ? ', in vain' : ''}`;
  },
  async wait(world, { minutes }) {
    if (minutes < DAY_OF_MINUTES) {
      await passes(world, minutes * MINUTE);
      return `${minutes} minutes pass`;
    }
    world.sandbox.clock.advance(minutes * MINUTE);
    await runs(world, 'sweep');
    await passes(world, 6 * MINUTE);
    return `${minutes / DAY_OF_MINUTES} days pass, and the sweep runs`;
  },
  async use(world, { user: userName, nth: at }) {
    const keys = keysOf(world.sandbox, userName);
    const key = keys[at % Math.max(1, keys.length)];
    uses(world, userName, key?.id);
    return `an application uses ${key?.id ?? 'nothing'}`;
  },
  async console(world, { what, user: userName, nth: at }) {
    const { sandbox } = world;
    const keys = keysOf(sandbox, userName);
    const { id } = keys[at % Math.max(1, keys.length)] ?? {};
    const isThere = sandbox.aws.iam.state.users.has(userName);
    const [, owner] = what.split(' ');
    if (what === 'create' && isThere && keys.length < 2) console_.createKey(sandbox, userName);
    else if (what === 'rename' && isThere)
      console_.renameUser(sandbox, userName, `${userName}-${sandbox.clock.now()}`);
    else if (owner && isThere) console_.tag(sandbox, userName, { 'keyrotate:owner': `${owner}@example.com` });
    else if (what === 'off' && id) console_.turnOff(sandbox, userName, id);
    else if (what === 'on' && id) console_.turnOn(sandbox, userName, id);
    else if (what === 'remove' && id) console_.removeKey(sandbox, userName, id);
    return `in the console, ${userName}: ${what} ${id ?? ''}`;
  },
};

/** Slack would not let them: the request is what Slack signs, with another person's id. */
function pressesAsStranger(world: World, who: Who, message: Message, label: string): Promise<Pressed> {
  const { ana } = world.people;
  const { people } = world.sandbox.slack;
  const isOne = buttons(message).filter((one) => one === label).length === 1;
  const click = people.click({ user: ana, message, button: label, ...(!isOne && { nth: 1 }) });
  const theirs = alteredPress(world.sandbox, click, (payload) => {
    payload.user.id = world.people[who];
  });
  return sends(world, theirs);
}

/** Strangers press on what Ana has before her. */
function chosen(world: World, who: Who, at: number): [Message | undefined, string | undefined] {
  const { ana, sam } = world.people;
  const seen = STRANGERS.has(who) ? cards(world.sandbox, ana) : cards(world.sandbox, world.people[who]);
  const all = world.people[who] === sam ? [...seen, ...adminPosts(world)] : seen;
  const choices = all.flatMap((message) =>
    buttons(message).map((label): [Message, string] => [message, label]),
  );
  return choices[at % Math.max(1, choices.length)] ?? [undefined, undefined];
}

function keysMadeBy(label: string): number {
  const [, all] = /^Create (\d+) new keys$/.exec(label) ?? [];
  return label === 'Create new key' ? 1 : Number(all ?? 0);
}
