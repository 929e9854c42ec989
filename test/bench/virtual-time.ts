// The bundled functions on the sandbox's clock: every call takes 20 ms of it, and what waits for Slack costs nobody a minute.
import { startFunctions } from '../sandbox/deployment/functions.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';
import { type Lane, openLanes, refuseFailures } from './lanes.ts';
import { surroundingsOf } from './real-time.ts';

/** What happens besides the queues: a schedule, a press. */
export interface Arrival {
  at: number;
  happens(): Promise<unknown>;
}

/** One invocation. */
export interface Job {
  /** undefined: no queue's, but an arrival's. */
  queueName?: string;
  messageIds: readonly string[];
  from: number;
  until: number;
  calls: readonly RecordedCall[];
}

export interface Play {
  arrivals: Arrival[];
  /** What comes back later than this is left. */
  until: number;
  /** When an invocation is over, and its messages are deleted or left to come back. */
  ended(job: Job): void;
}

const CALL_MS = 20;

interface Busy {
  until: number;
  end(): void;
}

/**
 * One invocation is played after the other, in the order in which they begin; each then keeps its container, and its
 * message, for as long as its calls would take. Its calls count at the moment at which it began.
 */
export async function virtualTime(sandbox: Sandbox): Promise<(play: Play) => Promise<void>> {
  const { clock } = sandbox;
  const lanes = await lanesOf(sandbox);
  const queueNames = [...new Set(lanes.map(({ queueName }) => queueName))];
  const busy = new Map<Lane, Busy>();

  /** Plays what one container does, from the calls it makes. */
  async function played<T>(what: () => Promise<T>): Promise<{ result: T } & Omit<Job, 'messageIds'>> {
    sandbox.forget();
    const result = await what();
    const calls = [...sandbox.aws.wire.calls, ...sandbox.slack.wire.calls];
    const from = clock.now();
    return { result, calls, from, until: from + Math.max(1, calls.length * CALL_MS) };
  }

  async function startAll(queueName: string, { ended }: Play): Promise<void> {
    for (const lane of lanes.filter((one) => one.queueName === queueName && !busy.has(one))) {
      const taken = lane.delivery.take();
      if (!taken) return;
      const { messageIds } = taken;
      const { result: deleteDone, ...job } = await played(taken.run);
      const end = () => {
        deleteDone();
        ended({ ...job, queueName, messageIds });
      };
      busy.set(lane, { until: job.until, end });
    }
  }

  function endAll(): void {
    for (const [lane, { until, end }] of busy) {
      if (until > clock.now()) continue;
      busy.delete(lane);
      end();
    }
  }

  function comesBack(queueName: string): number | undefined {
    return lanes.find((lane) => lane.queueName === queueName)?.delivery.nextVisibleAt();
  }

  return async (play) => {
    const left = [...play.arrivals].sort((a, b) => a.at - b.at);
    for (;;) {
      endAll();
      for (; left[0] && left[0].at <= clock.now(); left.shift()) {
        const { result: _, ...job } = await played(left[0].happens);
        play.ended({ ...job, messageIds: [] });
      }
      for (const queueName of queueNames) await startAll(queueName, play);
      const next = Math.min(
        ...[...busy.values()].map((one) => one.until),
        ...left.slice(0, 1).map(({ at }) => at),
        // A message at work is hidden for longer than anybody works at it.
        ...queueNames.flatMap((queueName) => comesBack(queueName) ?? []),
      );
      if (busy.size === 0 && next > play.until) break;
      clock.advance(Math.max(0, next - clock.now()));
    }
    refuseFailures(sandbox, lanes);
  };
}

/** Each lane has functions of its own, and so a container that knows what that one has seen. */
async function lanesOf(sandbox: Sandbox): Promise<Lane[]> {
  const given = surroundingsOf(sandbox);
  const starting: Promise<void>[] = [];
  const lanes = openLanes(sandbox, (name) => {
    let invoke: ((event: unknown) => Promise<unknown>) | undefined;
    starting.push(
      startFunctions(given).then((functions) => {
        invoke = functions[name].invoke;
      }),
    );
    return async (event) => invoke?.(event);
  });
  await Promise.all(starting);
  return lanes;
}
