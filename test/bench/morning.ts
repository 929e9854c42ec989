// A morning on which many owners' first messages come due at once, with Slack's limits kept, and presses meanwhile.
import { HOUR, MINUTE, SECOND } from '../sandbox/clock.ts';
import { run } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { dmOf, inbox } from '../sandbox/servers/slack/conversations.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';
import { addTo, emptyTally, type Tally } from './calls.ts';
import { addCopies, type Copy } from './copies.ts';
import { progress } from './progress.ts';
import { type Arrival, type Job, virtualTime } from './virtual-time.ts';
import { MORNING, startWorld, type World } from './world.ts';

/** Whose night is played; all others are on record like them. */
const PLAYED = 5;
const TICKS_EVERY = 5 * MINUTE;
const PRESSES_EVERY = 2 * SECOND;
const MOST_PRESSES = 150;
/** Whoever was written to needs so long to press. */
const READS_FOR = 10 * SECOND;
const LASTS = HOUR;

export interface Told {
  /** By owner: when each message was sent. */
  messages: Map<string, number[]>;
  /** Milliseconds from each press until it was done. */
  presses: number[];
  upkeep: Tally;
  refused: number;
}

export async function morning(owners: number, tags: 'id' | 'mail'): Promise<Told> {
  const played = Math.min(PLAYED, owners);
  const world = await startWorld({ users: played, due: played, owners, tags });
  const { sandbox } = world;
  await run(sandbox, 'sweep');
  await addCopies(sandbox, likeThem(world, played));
  sandbox.clock.advance(MORNING.getTime() - sandbox.clock.now());
  sandbox.slack.limits.areKept = true;
  const told: Told = { messages: new Map(), presses: [], upkeep: emptyTally(), refused: 0 };
  const pressing = presses(world, told);
  const play = await virtualTime(sandbox);
  const tick = (minute: number) =>
    told.messages.size < owners &&
    progress(`reminders, by ${tags}: ${told.messages.size} of ${owners} told after ${minute} minutes there`);
  await play({
    arrivals: [...ticks(sandbox, tick), ...pressing.arrivals],
    until: MORNING.getTime() + LASTS,
    ended(job) {
      note(job, told, sandbox);
      pressing.ended(job);
    },
  });
  pressing.refuseLost();
  await sandbox.close();
  return told;
}

function likeThem({ owners }: World, played: number): Copy[] {
  return owners.slice(played).flatMap((owner, nth): Copy[] => {
    const template = owners[nth % played];
    const like = template && { userName: `app-${nth % played}`, owner: template };
    return like ? [{ userName: `open-${nth + played}`, owner, like }] : [];
  });
}

function ticks({ functions }: Sandbox, tick: (minute: number) => void): Arrival[] {
  return Array.from({ length: LASTS / TICKS_EVERY }, (_, nth) => ({
    at: MORNING.getTime() + nth * TICKS_EVERY,
    happens() {
      tick((nth * TICKS_EVERY) / MINUTE);
      return functions.scheduler.invoke({ task: 'tick' });
    },
  }));
}

function note({ queueName, calls, until }: Job, told: Told, sandbox: Sandbox): void {
  told.refused += calls.filter(({ reply }) => reply?.status === 429).length;
  if (queueName && isOfPeople(queueName)) return;
  addTo(told.upkeep, calls);
  for (const call of calls.filter(isMessage)) {
    const owner = String(call.input.channel);
    const person = sandbox.slack.workspace.channels.get(owner)?.im ?? owner;
    told.messages.set(person, [...(told.messages.get(person) ?? []), until]);
  }
}

function isMessage({ action, reply, input }: RecordedCall): boolean {
  return action === 'chat.postMessage' && reply?.status === 200 && /^[DUW]/.test(String(input.channel));
}

const isOfPeople = (queueName: string) => queueName.endsWith('clicks.fifo');

/** One owner after the other presses, some seconds after their message, for as long as others still wait for theirs, and a minute at least. */
function presses({ sandbox, owners }: World, told: Told) {
  const { workspace, people } = sandbox.slack;
  const { clock } = sandbox;
  const left = new Set(owners.map(({ id }) => id));
  const waiting = new Map<string, { since: number; owner: string }>();
  const queue = [...sandbox.aws.sqs.state.queues.values()].find(({ settings }) => isOfPeople(settings.name));
  const pressed: string[] = [];

  async function press(): Promise<void> {
    const mayPress = (id: string) => (told.messages.get(id)?.[0] ?? Infinity) <= clock.now() - READS_FOR;
    const owner = [...left].find(mayPress);
    const areAllTold = told.messages.size === owners.length && clock.now() > MORNING.getTime() + MINUTE;
    const isOver = areAllTold || pressed.length === MOST_PRESSES;
    const [message] = owner && dmOf(workspace, owner) ? inbox(workspace, owner) : [];
    if (!owner || !message || isOver) return;
    left.delete(owner);
    pressed.push(owner);
    const click = people.click({ user: owner, message, button: 'Create new key' });
    await sandbox.functions.slack.invoke(click);
    const queued = queue?.messages.at(-1);
    if (queued) waiting.set(queued.id, { since: clock.now(), owner });
  }

  return {
    arrivals: Array.from({ length: LASTS / PRESSES_EVERY }, (_, nth) => ({
      at: MORNING.getTime() + nth * PRESSES_EVERY,
      happens: press,
    })),
    ended({ queueName, messageIds, until }: Job): void {
      if (!queueName || !isOfPeople(queueName)) return;
      for (const id of messageIds) {
        const press = waiting.get(id);
        // It comes back where Slack or AWS could not be asked.
        if (!press || queue?.messages.some((message) => message.id === id)) continue;
        waiting.delete(id);
        told.presses.push(until - press.since);
      }
    },
    /** A press that did nothing was quick. */
    refuseLost(): void {
      const made = [...sandbox.aws.iam.state.users.values()].filter(({ keys }) => keys.length === 2).length;
      if (waiting.size > 0 || made !== pressed.length)
        throw new Error(`${pressed.length} pressed, ${waiting.size} wait, and ${made} have a new key`);
    },
  };
}
