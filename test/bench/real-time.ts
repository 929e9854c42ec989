// The functions as processes, at work on the sandbox's queues in real time.
import { MINUTE } from '../sandbox/clock.ts';
import { bundleHandlers } from '../sandbox/deployment/bundle.ts';
import { type Surroundings, variablesOf } from '../sandbox/deployment/functions.ts';
import { type FunctionName, readServerlessFile } from '../sandbox/deployment/serverless-file.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { bundleFolder, type Container, startContainer } from './container.ts';
import { openLanes, refuseFailures } from './lanes.ts';

export interface Deployed {
  /** In a container of this function's, which is started for the first event. Throws what the function throws. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** Until nothing is left in the queues that comes back within ten minutes; how long that took. */
  untilAtRest(): Promise<number>;
  /** Processor time of all containers so far, their starts counted in. */
  cpuMs(): number;
  stop(): void;
}

const folder = bundleFolder();
/** What comes back later than this is left to the ticks. */
const PATIENCE = 10 * MINUTE;
const LOOKS_EVERY_MS = 2;

export async function bundledFile(name: FunctionName): Promise<string> {
  return folder(name, (await bundleHandlers())[name].code);
}

export function surroundingsOf({ clock, aws, slack, environment }: Sandbox): Surroundings {
  return { clock, iam: aws.iam, awsUrl: aws.wire.url, slackUrl: slack.wire.url, environment };
}

export async function deploy(sandbox: Sandbox): Promise<Deployed> {
  const { functions } = readServerlessFile();
  const names = Object.keys(functions) as FunctionName[];
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await bundledFile(name)] as const)),
  );
  const containers: Container[] = [];
  const spent = new Map<Container, number>();

  function cold(name: FunctionName): (event: unknown) => Promise<unknown> {
    let container: Container | undefined;
    return async (event) => {
      if (!container) {
        const env = variablesOf(name, surroundingsOf(sandbox));
        const timeoutSeconds = functions[name].timeout;
        container = startContainer({
          file: files.get(name) ?? '',
          env,
          clock: sandbox.clock,
          timeoutSeconds,
        });
        containers.push(container);
      }
      const done = await container.invoke(event);
      spent.set(container, done.cpuMs);
      return done.result;
    };
  }

  const invokers = new Map(names.map((name) => [name, cold(name)]));
  const lanes = openLanes(sandbox, cold);
  let busy = 0;
  let doneAt = performance.now();

  async function work({ delivery }: (typeof lanes)[number]): Promise<void> {
    for (let taken = delivery.take(); taken; taken = delivery.take()) {
      busy += 1;
      const deleteDone = await taken.run();
      deleteDone();
      busy -= 1;
      doneAt = performance.now();
    }
  }

  /** When the next message comes back that is not at work. */
  function comesBack(): number | undefined {
    const times = lanes.flatMap((lane) => lane.delivery.nextVisibleAt() ?? []);
    const soonest = Math.min(...times);
    return soonest <= sandbox.clock.now() + PATIENCE ? soonest : undefined;
  }

  return {
    invoke: (name, event) => invokers.get(name)?.(event) ?? Promise.resolve(),
    async untilAtRest() {
      const from = performance.now();
      doneAt = from;
      const running = new Set<(typeof lanes)[number]>();
      const failed: unknown[] = [];
      for (;;) {
        for (const lane of lanes.filter((one) => !running.has(one))) {
          running.add(lane);
          work(lane)
            .catch((error) => failed.push(error))
            .finally(() => running.delete(lane));
        }
        if (failed.length > 0) throw failed[0];
        if (busy === 0) {
          const next = comesBack();
          if (next === undefined) break;
          // Nobody sits through what AWS takes for its report.
          sandbox.clock.advance(Math.max(0, next - sandbox.clock.now()));
        }
        await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
      }
      refuseFailures(sandbox, lanes);
      return doneAt - from;
    },
    cpuMs: () => [...spent.values()].reduce((sum, ms) => sum + ms, 0),
    stop() {
      for (const container of containers) container.stop();
    },
  };
}
