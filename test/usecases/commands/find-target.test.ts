// The IAM user that a command names: AWS may say no, and whoever typed it hears so at once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/domain/iam-user.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { Command } from '../../../src/usecases/jobs.ts';
import { NOW, oldKey, userAt } from '../../domain/given.ts';
import {
  ACCOUNT,
  ANA,
  BEN,
  commandJob,
  lostAnswer,
  mailOf,
  refusedByAws,
  SAM,
  TEST_ACCOUNT,
  worldForEach,
} from '../usecase-world.ts';

const world = worldForEach();

beforeEach(() => {
  world.addIamUser('ci');
});

const CI = { account: ACCOUNT, userName: 'ci' };
const COMMANDS: Command[] = [
  { name: 'rotate', target: CI },
  { name: 'show', target: CI },
  { name: 'assign', target: CI, to: { kind: 'person', slackId: ANA } },
];
const asks = (command: Command, by = SAM) => answerCommand(commandJob(command, by), world.ports);
const LOOK_FAILED = { kind: 'lookFailed', code: 'AccessDenied' };

describe.each(COMMANDS)('/keyrotate $name', (command) => {
  it('is answered when AWS says no', async () => {
    world.faults.iam = refusedByAws();
    await asks(command);
    expect(world.refused).toEqual([LOOK_FAILED]);
  });

  it('is answered when AWS says no to a move that was left standing', async () => {
    const claim: Claim = {
      ...{ jobId: 'click-1', move: 'retire', at: NOW - 1, leaseUntil: NOW, knownKeyIds: [] },
      actor: { kind: 'person', slackId: ANA, as: 'owner' },
    };
    await world.save(userAt('due', { userName: 'ci', claim }));
    world.faults.iam = refusedByAws();
    await asks(command);
    expect(world.refused).toEqual([LOOK_FAILED]);
    expect((await world.load('ci')).claim).toMatchObject({ jobId: 'click-1' });
  });

  it.each([lostAnswer(), new OutsideError('busy', 'GetUser', 'Throttling')])(
    'comes back when AWS may say something else in a moment: %s',
    async (error) => {
      world.faults.iam = error;
      await expect(asks(command)).rejects.toBe(error);
      expect(world.refused).toEqual([]);
    },
  );

  it('throws when Slack says no: whoever asked is told by the job', async () => {
    const error = new OutsideError('refused', 'users.lookupByEmail', 'missing_scope');
    world.ports.directory.personOfEmail = () => Promise.reject(error);
    await expect(asks(command)).rejects.toBe(error);
  });
});

describe('/keyrotate rotate', () => {
  it('without a name is answered when AWS says no: what is on record may not be all that they own', async () => {
    await world.save(userAt('due', { userName: 'ci' }));
    world.faults.iam = refusedByAws();
    await asks({ name: 'rotate' }, ANA);
    expect(world.refused).toEqual([{ kind: 'channelsUnanswered' }]);
  });

  it('is answered when one of the accounts says no, since the user may be there as well', async () => {
    const keys = world.ports.keys;
    world.ports.keys = (account) => ({
      ...keys(account),
      ...(account === TEST_ACCOUNT && { describeUser: () => Promise.reject(refusedByAws()) }),
    });
    await asks({ name: 'rotate', target: { userName: 'ci' } }, ANA);
    expect(world.refused).toEqual([LOOK_FAILED]);
    expect(world.sent).toEqual([]);
  });
});

describe('an IAM user that somebody typed the name of', () => {
  const used = (at: number) => [oldKey({ lastUse: { seen: 'used', at, service: 's3' } })];

  it('has been silent for as long as the sweeps saw no use, whoever looks first after it was used again', async () => {
    await world.save(userAt('due', { userName: 'ci', keysSeenAt: NOW - 6 * DAY, keys: used(NOW - 7 * DAY) }));
    await world.ports.records.saveSweep({
      ...{ account: ACCOUNT, sweptAt: NOW - 5 * HOUR, reportedAt: NOW - 6 * HOUR },
      ...{ users: 1, activeKeys: 1, withinAge: 1, unreadable: [], unreadableCount: 0 },
    });
    world.addIamUser('ci', { keys: used(NOW - HOUR) });
    await asks({ name: 'show', target: CI });
    expect(await world.load('ci')).toMatchObject({ longestSilence: 7 * DAY - 6 * HOUR });
  });

  it('is theirs whose mail address it is now, whatever last night’s list says', async () => {
    world.addIamUser('ci', { tags: { mail: mailOf(BEN) } });
    world.ports.directory.personByEmail = async () => world.people.get(ANA);
    await asks({ name: 'rotate', target: CI }, ANA);
    expect(world.refused).toMatchObject([{ kind: 'notYours' }]);
    await asks({ name: 'rotate', target: CI }, BEN);
    expect(await world.load('ci')).toMatchObject({ owner: { kind: 'person', slackId: BEN } });
  });
});
