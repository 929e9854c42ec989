// Whom somebody means who types a name, as AWS and Slack have them at that moment.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { asTheyAreNow } from '../../../src/usecases/commands/find-target.ts';
import type { CommandJob } from '../../../src/usecases/jobs.ts';
import { NOW, oldKey, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, BEN, mailOf, worldForEach } from '../usecase-world.ts';

const world = worldForEach();
const id = { account: ACCOUNT, userName: 'ci' };
const job: CommandJob = {
  ...{ kind: 'command', id: 'command/1', personId: ANA, askedAt: NOW, place: { channel: 'DANA' } },
  command: { name: 'rotate', target: id },
};
const used = (at: number) => [oldKey({ lastUse: { seen: 'used', at, service: 's3' } })];

describe('an IAM user that somebody typed the name of', () => {
  it('has been silent for as long as the sweeps saw no use, whoever looks first after it was used again', async () => {
    await world.save(userAt('due', { userName: 'ci', keysSeenAt: NOW - 6 * DAY, keys: used(NOW - 7 * DAY) }));
    await world.ports.records.saveSweep({
      ...{ account: ACCOUNT, sweptAt: NOW - 5 * HOUR, reportedAt: NOW - 6 * HOUR },
      ...{ users: 1, activeKeys: 1, withinAge: 1, unreadable: [], unreadableCount: 0 },
    });
    world.addIamUser('ci', { keys: used(NOW - HOUR) });
    expect(await asTheyAreNow(job, [id], world.ports)).toMatchObject([
      { longestSilence: 7 * DAY - 6 * HOUR },
    ]);
  });

  it('is theirs whose mail address it is now, whatever last night’s list says', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) } });
    const night = { ...world.ports.directory, personByEmail: async () => world.people.get(ANA) };
    const found = await asTheyAreNow(job, [id], { ...world.ports, directory: night });
    expect(found).toMatchObject([{ owner: { kind: 'person', slackId: BEN } }]);
  });
});
