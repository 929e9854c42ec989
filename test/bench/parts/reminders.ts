// A thousand owners whose messages come due on the same morning, with Slack's limits kept, and presses meanwhile.
import { fork } from 'node:child_process';
import { SECOND } from '../../sandbox/clock.ts';
import { MESSAGES } from '../../sandbox/servers/slack/limits.ts';
import type { Sizes } from '../arguments.ts';
import { mostCalled } from '../calls.ts';
import { line, type Measured, quantile } from '../figures.ts';
import type { Told } from '../morning.ts';
import { progress } from '../progress.ts';
import { MORNING } from '../world.ts';

export async function reminders(sizes: Sizes): Promise<Measured<'reminders'>> {
  const { owners } = sizes;
  progress(`reminders: ${owners} owners on one morning, tagged by Slack id, and by mail address`);
  const [byId, byMail] = await Promise.all([played(owners, 'id'), played(owners, 'mail')]);
  progress(`reminders: most called, by Slack id: ${mostCalled(byId.upkeep, 9)}`);
  const floorMs = (owners / MESSAGES.calls) * MESSAGES.within;
  const ratio = ({ messages }: Told) =>
    (Math.max(...[...messages.values()].flat()) - MORNING.getTime()) / floorMs;
  const lost = ({ messages }: Told) => owners - messages.size;
  const twice = ({ messages }: Told) => [...messages.values()].filter((times) => times.length > 1).length;
  const p99 = ({ presses }: Told) => quantile(presses, 0.99);
  const most = Math.ceil(3.1 * owners);
  return {
    // The worse of the two ways, each.
    figures: {
      ...{ owners, lost: lost(byId) + lost(byMail), twice: twice(byId) + twice(byMail) },
      timeRatio: Math.max(ratio(byId), ratio(byMail)),
      iamCalls: Math.max(byId.upkeep.iam, byMail.upkeep.iam),
      clickP99Ms: Math.max(p99(byId), p99(byMail)),
    },
    lines: [
      line('owners without a message, both ways', lost(byId) + lost(byMail), { most: 0 }),
      line('owners with two, both ways', twice(byId) + twice(byMail), { most: 0 }),
      line(`time against the messages’ own floor of ${floorMs / SECOND} s, tags by Slack id`, ratio(byId), {
        most: 1.2,
      }),
      line('tags by mail address', ratio(byMail), { most: 1.2 }),
      line('IAM calls, tags by Slack id', byId.upkeep.iam, { most }),
      line('IAM calls, tags by mail address', byMail.upkeep.iam, { most }),
      line(`a press meanwhile, 99th percentile of ${byId.presses.length}, by Slack id`, p99(byId) / SECOND, {
        unit: 's',
        most: 2,
      }),
      line('its median', quantile(byId.presses, 0.5) / SECOND, { unit: 's' }),
      line('by mail address, 99th percentile', p99(byMail) / SECOND, {
        unit: 's',
        most: 2,
      }),
      line('write units for each owner', byId.upkeep.writeUnits / owners, { most: 10 }),
      line('calls that Slack refused for now, by Slack id', byId.refused),
      line('by mail address', byMail.refused),
    ],
  };
}

function played(owners: number, tags: 'id' | 'mail'): Promise<Told> {
  const path = new URL('../morning-process.ts', import.meta.url).pathname;
  const child = fork(path, [String(owners), tags], { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.on('message', (told) => resolve(told as Told));
    child.on('exit', (code) => reject(new Error(`a morning ended with ${code}`)));
  });
}
