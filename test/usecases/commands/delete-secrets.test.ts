// Deleting the secrets of users that are gone: many at once, deliveries that break off, and what is told of them.
import { beforeEach, describe, expect, it } from 'vitest';
import { deletedWords } from '../../../src/adapters/slack/wording/summary/secrets-text.ts';
import { answerCommand } from '../../../src/usecases/commands/answer-command.ts';
import type { SecretsDeleted } from '../../../src/usecases/commands/answers.ts';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import type { KeySecret, Vault } from '../../../src/usecases/ports.ts';
import { NOW, userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';
import { ACCOUNT, SAM, TEST_ACCOUNT, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

let secrets: KeySecret[];
/** By which job each is scheduled for deletion. */
let scheduled: Map<string, string>;
let dieAfter: number;
/** As AWS lists it: what was just done is missing. */
let lags: boolean;

beforeEach(() => {
  [secrets, scheduled, dieAfter, lags] = [[], new Map(), Number.POSITIVE_INFINITY, true];
  world.ports.vault = (account) =>
    only<Vault>({
      async *secrets() {
        for (const secret of secrets) {
          if (secret.account !== account) continue;
          const scheduledBy = lags ? undefined : scheduled.get(secret.userName);
          yield { ...secret, ...(scheduledBy !== undefined && { scheduledBy }) };
        }
      },
      async scheduleDeletion({ userName }, { jobId }) {
        const by = scheduled.get(userName);
        if (by !== undefined) return by === jobId ? 'scheduled' : 'gone';
        if (scheduled.size >= dieAfter) throw new Error('the container died');
        scheduled.set(userName, jobId);
        return 'scheduled';
      },
    });
});

function gone(userName: string, more: Partial<KeySecret> = {}): void {
  const userId = `AIDAGONE${secrets.length}`;
  const secret = { account: ACCOUNT, userName, userId, createdAt: NOW + secrets.length };
  secrets.push({ ...secret, readers: 'todays', isOurs: true, ...more });
}

const press = (count = secrets.length, id = 'delete-1') =>
  answerCommand(
    {
      ...{ kind: 'command', id, askedAt: NOW, personId: SAM, place: { channel: 'CADMINS', ts: '1' } },
      command: { name: 'deleteSecrets', count },
    },
    world.ports,
  );
const answered = () => (world.answers.at(-1) as { deleted: SecretsDeleted }).deleted;
const posted = () => world.answers.filter((one) => 'secretsOf' in (one as object));

describe('many secrets', () => {
  it('wait for the next delivery when time runs out, and are told as one', async () => {
    for (let nth = 0; nth < 300; nth += 1) gone(`ci-${nth}`);
    let left = 60_000;
    world.ports.timeLeft = () => {
      left -= 400;
      return left;
    };
    for (let delivery = 1; delivery <= 2; delivery += 1) {
      await expect(press()).rejects.toThrow(TryLater);
      expect(posted()).toEqual([]);
      [left, lags] = [60_000, false];
    }
    await press();
    expect(answered()).toMatchObject({ scheduled: { length: 300 }, passedOver: [] });
    expect(scheduled.size).toBe(300);
  });

  it.each([true, false])(
    'are told all by the delivery after the worker died, the list lagging: %s',
    async (late) => {
      for (const name of ['one', 'two', 'three']) gone(name);
      dieAfter = 2;
      await expect(press()).rejects.toThrow('the container died');
      expect(posted()).toEqual([]);
      [dieAfter, lags] = [Number.POSITIVE_INFINITY, late];
      await press();
      expect(posted()).toEqual([{ by: SAM, secretsOf: expect.arrayContaining(['one', 'two', 'three']) }]);
      expect([...scheduled.keys()]).toEqual(['one', 'two', 'three']);
    },
  );
});

describe('more than the person was asked about', () => {
  it('are left by a later delivery, which tells what an earlier one deleted', async () => {
    for (const name of ['one', 'two', 'three']) gone(name);
    dieAfter = 2;
    await expect(press()).rejects.toThrow('the container died');
    [dieAfter, lags] = [Number.POSITIVE_INFINITY, false];
    gone('four');
    await press(3);
    expect(answered()).toMatchObject({
      scheduled: [{ userName: 'one' }, { userName: 'two' }],
      tooMany: 2,
    });
    expect(posted()).toEqual([{ by: SAM, secretsOf: ['one', 'two'] }]);
    expect(scheduled.size).toBe(2);
    expect(deletedWords(answered())).toBe(
      '2 secrets are scheduled for deletion. The admin channel says which, and until when they can be restored. With these there are 4 secrets of IAM users that are gone by now, more than you were asked about, so no more were deleted. `/keyrotate summary` shows how it stands.',
    );
  });

  it('are counted over all accounts, as the summary does', async () => {
    gone('one');
    gone('two', { account: TEST_ACCOUNT });
    await press(1);
    expect(answered()).toEqual({ scheduled: [], passedOver: [], tooMany: 2 });
    await press(2, 'delete-2');
    expect(answered()).toMatchObject({ scheduled: { length: 2 } });
  });
});

describe('a second press', () => {
  it('finds nothing left to do, and says no word in the channel', async () => {
    gone('one');
    await press();
    await press(1, 'delete-2');
    expect(posted()).toHaveLength(1);
    expect(answered()).toEqual({ scheduled: [], passedOver: [] });
  });
});

describe('a secret is passed over', () => {
  it.each([true, false])(
    'whose rotation is open on record, under its name or another: %s',
    async (renamed) => {
      gone('one');
      const userId = secrets[0]?.userId ?? '';
      await world.save(userAt('issued', { userName: renamed ? 'another' : 'one', userId }));
      await press();
      expect(answered()).toMatchObject({ passedOver: [{ userName: 'one', why: 'open' }] });
      expect(scheduled.size).toBe(0);
    },
  );

  it('whose IAM user answers to its name, though the list of all users does not have it', async () => {
    gone('one');
    const userId = secrets[0]?.userId ?? '';
    world.addIamUser('one', { userId, keys: [] });
    const { keys } = world.ports;
    world.ports.keys = (account) => ({ ...keys(account), async *all() {} });
    await press();
    expect(answered()).toMatchObject({ passedOver: [{ userName: 'one', why: 'lives' }] });
    expect(scheduled.size).toBe(0);
  });

  it.each(['refused', 'busy', 'unknown'] as const)('about whose user IAM answers %s', async (outcome) => {
    for (const name of ['one', 'two']) gone(name);
    const { keys } = world.ports;
    world.ports.keys = (account) => ({
      ...keys(account),
      async describeUser(userName) {
        if (userName === 'one') throw new OutsideError(outcome, 'GetUser', 'AccessDenied');
        return keys(account).describeUser(userName);
      },
    });
    await press();
    expect(answered()).toMatchObject({
      scheduled: [{ userName: 'two' }],
      passedOver: [{ userName: 'one', why: 'unanswered' }],
    });
  });
});

it('nothing is done where IAM does not list its users', async () => {
  gone('one');
  const { keys } = world.ports;
  world.ports.keys = (account) => ({
    ...keys(account),
    // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
    async *all() {
      throw new OutsideError('busy', 'GetAccountAuthorizationDetails', 'Throttling');
    },
  });
  await expect(press()).rejects.toMatchObject({ outcome: 'busy' });
  expect(scheduled.size).toBe(0);
});
