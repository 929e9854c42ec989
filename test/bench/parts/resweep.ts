// A second sweep on the same day, when nothing has changed since the first.
import { HOUR } from '../../sandbox/clock.ts';
import { drain } from '../../sandbox/play/play.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Sizes } from '../arguments.ts';
import { mostCalled, type Tally, tallyOf } from '../calls.ts';
import { line, type Measured } from '../figures.ts';
import { progress } from '../progress.ts';
import { startWorld } from '../world.ts';
import { ownersOf } from './sweep.ts';

export async function resweep(sizes: Sizes): Promise<Measured<'resweep'>> {
  const { users, due } = sizes;
  progress(`resweep: ${users} users, ${due} of them due, swept twice`);
  const { sandbox } = await startWorld({ users, due, owners: ownersOf(sizes) });
  await sweepOnce(sandbox);
  sandbox.clock.advance(HOUR);
  const again = await sweepOnce(sandbox);
  await sandbox.close();
  progress(`resweep: most called the second time: ${mostCalled(again)}`);
  const pages = 10 + Math.ceil(users / 1000);
  return {
    figures: { iamCalls: again.iam, slackCalls: again.slack, writes: again.writes },
    lines: [
      line(`IAM calls an hour after the night with ${due} newly due`, again.iam, { most: pages }),
      line('Slack calls', again.slack, { most: 0 }),
      line('writes', again.writes, { most: 10 }),
      line('their write units', again.writeUnits),
    ],
  };
}

async function sweepOnce(sandbox: Sandbox): Promise<Tally> {
  sandbox.forget();
  await sandbox.functions.scheduler.invoke({ task: 'sweep' });
  await drain(sandbox);
  return tallyOf(sandbox);
}
