// Tools like this lose the secret of a key that lives. Here every story ends with a secret that can be fetched, or no key.
import { describe, expect, it } from 'vitest';
import { ending } from '../../../src/domain/access-key.ts';
import { DAY, MINUTE, SECOND } from '../../sandbox/clock.ts';
import { credentialsOf, readSecret, secretPath } from '../../sandbox/play/outcome.ts';
import { drain, keysOf, liveCard, passTime, press, run } from '../../sandbox/play/play.ts';
import { READER_ROLE } from '../../sandbox/sandbox.ts';
import { everMinted, guard, inspect, inVault, keysIn, presses, someoneDue, stored } from '../mortal-world.ts';
import {
  anHour,
  CREATE,
  DELETE,
  diesAfter,
  failing,
  formOf,
  justBefore,
  lastClick,
  OFF,
  offered,
  REPLACED,
  read,
  sharedWorld,
  stage,
  statuses,
  strikes,
  told,
  UNNEEDED,
} from './telling.ts';

const world = sharedWorld();

const secretOf = (userName: string) => secretPath(world.sandbox, userName);

describe('danger 1: a new key whose secret is lost', () => {
  it.each<[string, [string, number?]]>([
    ['refuses', ['InvalidRequestException']],
    ['throttles', ['ThrottlingException']],
    ['fails', ['InternalServiceError', 500]],
  ])('is deleted again, and the owner told, when the vault %s for good', async (_, fault) => {
    const userName = await someoneDue(world);
    failing(world, 'PutSecretValue', ...fault);
    await presses(world, userName, CREATE);
    expect(statuses(world, userName)).toEqual(['Active']);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told(world)).toContain('could not be put into Secrets Manager');
    expect(offered(world, userName)).toEqual(expect.arrayContaining([CREATE, UNNEEDED]));
  });

  it('can be asked for once more', async () => {
    const userName = await someoneDue(world);
    failing(world, 'PutSecretValue', 'InvalidRequestException');
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await presses(world, userName, CREATE);
    const [, fresh] = keysOf(world.sandbox, userName);
    expect(inVault(world.sandbox, userName, fresh?.id ?? '')).toBe(fresh?.secret);
    expect(await stage(world, userName)).toBe('issued');
  });

  it('is not made at all when the vault cannot be prepared', async () => {
    const userName = await someoneDue(world);
    failing(world, 'PutResourcePolicy', 'InternalServiceError', 500);
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(1);
    expect(told(world)).toContain('so this was not done');
  });

  it('is not made when there is too little time left to store it, too', async () => {
    const userName = await someoneDue(world);
    guard(world, ({ action }) => {
      if (action === 'PutResourcePolicy') world.sandbox.clock.advance(30 * SECOND);
      return undefined;
    });
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(1);
    expect(told(world)).toContain('AWS is too busy just now');
    guard(world, undefined);
    await presses(world, userName, CREATE);
    expect(await stage(world, userName)).toBe('issued');
  });

  it('is not made while IAM throttles, and nobody is sent to look for a missing permission', async () => {
    const userName = await someoneDue(world);
    failing(world, 'CreateAccessKey', 'Throttling');
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(1);
    expect(told(world)).toContain('Press again in some minutes');
    expect(told(world)).not.toContain('permission');
  });
});

describe('danger 2: the old key condemned although delivery failed', () => {
  it('leaves the old key alone for as long as nobody could be told of the new one', async () => {
    const userName = await someoneDue(world);
    failing(world, 'chat.', 'internal_error', 200);
    await presses(world, userName, CREATE);
    for (let days = 0; days < 10; days += 5) await passTime(world.sandbox, 5 * DAY);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    guard(world, undefined);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(offered(world, userName)).toContain(REPLACED);
  });
});

describe('danger 3: the way to the new secret is removed with the old key', () => {
  it('leaves the secret readable with the new key, and to a reader, once the old key is gone', async () => {
    const { sandbox } = world;
    const userName = await justBefore(world, 'delete');
    await presses(world, userName, DELETE);
    const [only] = keysOf(sandbox, userName);
    expect(keysOf(sandbox, userName)).toHaveLength(1);
    for (const credentials of [
      credentialsOf(sandbox, userName, only?.id ?? ''),
      sandbox.aws.iam.session(READER_ROLE, 'on-call'),
    ])
      expect(await readSecret(sandbox, credentials, secretOf(userName))).toEqual({
        value: expect.stringContaining(only?.secret ?? ''),
      });
  });
});

describe('danger 4: two runs at once', () => {
  it('make one key of one press that is delivered twice', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const message = lastClick(world);
    world.sandbox.functions.worker.restart();
    world.sandbox.queues.deliverAgain(message);
    await drain(world.sandbox);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect((await stored(world, userName)).user.rotation?.history.map(({ what }) => what)).toEqual([
      'open',
      'createKey',
    ]);
    expect(told(world)).toBe('');
  });

  it('make one key of one press whose second delivery comes while the first is at work', async () => {
    const userName = await someoneDue(world);
    let again: Promise<unknown> | undefined;
    guard(world, async (call) => {
      if (call.action !== 'CreateAccessKey' || again) return undefined;
      again = world.sandbox.functions.worker.invoke(world.events.at(-1));
      await again;
      return undefined;
    });
    await presses(world, userName, CREATE);
    expect(await again).toEqual({ batchItemFailures: [{ itemIdentifier: expect.any(String) }] });
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(await stage(world, userName)).toBe('issued');
  });

  it('let a delivery that comes after everything was undone do nothing', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const message = lastClick(world);
    await presses(world, userName, 'Discard new key');
    world.sandbox.queues.deliverAgain(message);
    await drain(world.sandbox);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(statuses(world, userName)).toEqual(['Active']);
  });
});

describe('danger 5: the old key turned off before the new secret was fetched', () => {
  it('asks first while nobody has used the new key', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    expect(await formOf(world, userName, REPLACED)).toContain('nobody had fetched the new key');
    await presses(world, userName, REPLACED);
    await presses(world, userName, OFF);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    expect(read(world, userName)).toContain('has not been used yet');
  });

  it('keeps the secret where the old key can fetch it', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const { sandbox } = world;
    const [old, fresh] = keysOf(sandbox, userName);
    const credentials = credentialsOf(sandbox, userName, old?.id ?? '');
    const fetched = await readSecret(sandbox, credentials, secretOf(userName));
    expect(fetched).toEqual({ value: expect.stringContaining(fresh?.id ?? '') });
  });
});

describe('danger 6: one secret for each user, overwritten in place', () => {
  it('keeps the secrets of both keys while both live', async () => {
    const { sandbox, ana } = world;
    const userName = await justBefore(world, 'delete');
    await presses(world, userName, DELETE);
    const [first] = keysOf(sandbox, userName);
    if (first) first.createdAt -= 83 * DAY;
    await inspect(world, userName);
    await passTime(sandbox, DAY); // one message a day
    await press(sandbox, ana, liveCard(sandbox, ana, userName), CREATE);
    const both = keysOf(sandbox, userName);
    expect(both).toHaveLength(2);
    for (const { id, secret } of both) expect(inVault(sandbox, userName, id)).toBe(secret);
  });
});

describe('danger 7: the answer of CreateAccessKey is lost', () => {
  const losesTheAnswer = () => strikes(world, 'CreateAccessKey', { kind: 'lose' });

  it('makes no second key, however often it is pressed', async () => {
    const userName = await someoneDue(world);
    losesTheAnswer();
    await presses(world, userName, CREATE);
    await anHour(world);
    for (let press = 0; press < 3; press += 1) {
      if (offered(world, userName).includes(CREATE)) await presses(world, userName, CREATE);
      await anHour(world);
    }
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told(world)).toContain('remove it with its button');
  });

  it('does nothing while IAM has not had its time to show the key', async () => {
    const userName = await someoneDue(world);
    world.sandbox.aws.iam.state.lag = 10 * MINUTE;
    losesTheAnswer();
    await presses(world, userName, CREATE);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(read(world, userName)).toContain('Working on it');
    expect(offered(world, userName)).toEqual(['History']);
    await passTime(world.sandbox, 11 * MINUTE);
    expect(await stored(world, userName)).toMatchObject({
      user: { stranded: [keysOf(world.sandbox, userName)[1]?.id] },
    });
  });

  it('shows the key as it is, and touches it neither now nor later', async () => {
    const userName = await someoneDue(world);
    losesTheAnswer();
    await presses(world, userName, CREATE);
    await anHour(world);
    const [, lost] = keysOf(world.sandbox, userName);
    expect(read(world, userName)).toContain(`Key …${ending(lost?.id ?? '')} came into being`);
    expect(offered(world, userName)).toContain(`Remove …${ending(lost?.id ?? '')}`);
    const untouched = keysIn(world.sandbox, userName);
    for (let day = 0; day < 3; day += 1)
      await run(world.sandbox, 'sweep').then(() => passTime(world.sandbox, DAY));
    expect(keysIn(world.sandbox, userName)).toBe(untouched);
    await presses(world, userName, `Turn off …${ending(keysOf(world.sandbox, userName)[0]?.id ?? '')}`);
    await passTime(world.sandbox, 8 * DAY);
    await presses(world, userName, DELETE);
    expect(keysOf(world.sandbox, userName).map(({ id, status }) => ({ id, status }))).toEqual([
      { id: lost?.id, status: 'Active' },
    ]);
    expect(read(world, userName)).toContain(`Key …${ending(lost?.id ?? '')} came into being`);
  });

  it('goes on as usual once somebody has deleted that key', async () => {
    const userName = await someoneDue(world);
    losesTheAnswer();
    await presses(world, userName, CREATE);
    await anHour(world);
    const [, lost] = keysOf(world.sandbox, userName);
    world.sandbox.aws.iam.console.deleteKey(userName, lost?.id ?? '');
    await inspect(world, userName);
    await presses(world, userName, CREATE);
    expect(await stage(world, userName)).toBe('issued');
    expect(read(world, userName)).not.toContain('came into being');
  });

  it('adopts the key instead when its secret was stored before the container died', async () => {
    const userName = await someoneDue(world);
    diesAfter(world, 'PutSecretValue');
    await presses(world, userName, CREATE);
    await anHour(world);
    const [, fresh] = keysOf(world.sandbox, userName);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect((await stored(world, userName)).user).toMatchObject({
      stranded: [],
      rotation: { stage: 'issued', replacement: { keyId: fresh?.id } },
    });
  });
});
