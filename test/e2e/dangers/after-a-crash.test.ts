// What was once got wrong after a crash, each as the story that showed it.
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../sandbox/clock.ts';
import * as console_ from '../../sandbox/play/console.ts';
import { secretPath } from '../../sandbox/play/outcome.ts';
import { keysOf, openHome, passTime, pressInHome } from '../../sandbox/play/play.ts';
import { guard, inspect, presses, someoneDue, stored, useNow } from '../mortal-world.ts';
import { die, isClaim, once, refusal } from './strikes.ts';
import {
  anHour,
  begins,
  CREATE,
  DELETE,
  diesAfter,
  justBefore,
  keyIds,
  OFF,
  read,
  sharedWorld,
  stage,
  statuses,
  strikes,
  told,
  UNNEEDED,
} from './telling.ts';

const DISCARD = 'Discard new key';

const world = sharedWorld();

/** The container dies right after it has claimed the move; something happens; the message comes back after 6 minutes. */
async function brokenOff(userName: string, button: string, happens: () => void): Promise<void> {
  diesAfter(world, isClaim);
  await begins(world, userName, button);
  guard(world, undefined);
  happens();
  await anHour(world);
}

describe('a move that broke off is finished on evidence that is no longer true', () => {
  it('discardNewKey asks again when the new key came into use meanwhile', async () => {
    const userName = await justBefore(world, 'discardNewKey');
    const [, fresh] = keysOf(world.sandbox, userName);
    await brokenOff(userName, DISCARD, () => useNow(world, userName, fresh?.id));
    expect(keysOf(world.sandbox, userName)).toHaveLength(2);
  });

  it.each<[string, string, (userName: string, ids: string[]) => void]>([
    ['discardNewKey', DISCARD, (name, [old = '']) => console_.turnOff(world.sandbox, name, old)],
    ['deactivate', OFF, (name, [, fresh = '']) => console_.removeKey(world.sandbox, name, fresh)],
  ])('%s leaves alone the only key that works', async (title, button, happens) => {
    const userName = await justBefore(world, title);
    await brokenOff(userName, button, () => happens(userName, keyIds(world, userName)));
    expect(statuses(world, userName).filter((status) => status === 'Active')).toHaveLength(1);
  });

  it.each([
    ['deactivate', OFF],
    ['retire', UNNEEDED],
  ])('%s asks again when the old key came into use meanwhile', async (title, button) => {
    const userName = await justBefore(world, title);
    const [old] = keysOf(world.sandbox, userName);
    await brokenOff(userName, button, () => useNow(world, userName, old?.id));
    expect(keysOf(world.sandbox, userName)[0]?.status).toBe('Active');
  });
});

describe('danger 22: a deletion that broke off leaves no evidence', () => {
  it('is on record with the key as it was when the button was pressed', async () => {
    const userName = await justBefore(world, 'delete');
    const [oldKey] = keysOf(world.sandbox, userName);
    diesAfter(world, 'DeleteAccessKey');
    await begins(world, userName, DELETE);
    guard(world, undefined);
    await anHour(world);
    const { rotation } = (await stored(world, userName)).user;
    expect(rotation?.stage).toBe('deleted');
    expect(rotation?.history.at(-1)).toMatchObject({ what: 'delete', outcome: 'done' });
    expect(rotation?.history.at(-1)?.evidence).toContainEqual(
      expect.objectContaining({ id: oldKey?.id, status: 'Inactive', lastUse: expect.anything() }),
    );
  });
});

describe('the SMTP password of a new key', () => {
  it.each(['nothing', 'PutSecretValue'])(
    'is promised where it is stored, after a crash behind %s',
    async (call) => {
      for (const service of ['ses', 's3']) {
        const userName = await someoneDue(world);
        useNow(world, userName, keyIds(world, userName)[0], service);
        diesAfter(world, call);
        await begins(world, userName, CREATE);
        guard(world, undefined);
        await anHour(world);
        expect(await stage(world, userName)).toBe('issued');
        const [held] = [
          ...(world.sandbox.aws.secrets.state.secrets
            .get(secretPath(world.sandbox, userName))
            ?.versions.values() ?? []),
        ];
        expect([read(world, userName), held?.value].map((text) => text?.includes('SmtpPassword'))).toEqual(
          service === 'ses' ? [true, true] : [false, false],
        );
      }
    },
  );
});

describe('a key that can be neither stored nor deleted is forgotten', () => {
  it('is shown as stranded', async () => {
    const userName = await someoneDue(world);
    guard(world, ({ action }) => {
      if (action === 'PutSecretValue') return refusal('InvalidRequestException');
      return action === 'DeleteAccessKey' ? refusal('AccessDenied', 403) : undefined;
    });
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await anHour(world);
    const [, lost] = keysOf(world.sandbox, userName);
    expect((await stored(world, userName)).user.stranded).toEqual([lost?.id]);
  });
});

describe('a move failed, and the person who pressed never hears of it', () => {
  it('tells that storing failed although Slack was down at that moment', async () => {
    const userName = await someoneDue(world);
    const { sandbox } = world;
    const from = sandbox.clock.now();
    guard(world, ({ action }) => {
      if (action === 'PutSecretValue') return refusal('InvalidRequestException');
      const isDown = action.startsWith('chat.') && sandbox.clock.now() === from;
      return isDown ? refusal('internal_error', 200) : undefined;
    });
    await presses(world, userName, CREATE);
    await anHour(world);
    expect(told(world)).toContain('could not be put into Secrets Manager');
  });

  it('tells that storing failed although the container died after writing it down', async () => {
    const userName = await someoneDue(world);
    const failedSave = once(
      ({ action, input }) => action === 'PutItem' && JSON.stringify(input).includes('"failed"'),
      () => die(world),
    );
    guard(world, (call) =>
      call.action === 'PutSecretValue' ? refusal('InvalidRequestException') : failedSave(call),
    );
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await anHour(world);
    expect(told(world)).toContain('could not be put into Secrets Manager');
  });

  it('tells it in Home, where it was pressed, although the container died right after that', async () => {
    await someoneDue(world);
    const { sandbox, ana } = world;
    await openHome(sandbox, ana);
    sandbox.slack.wire.forget();
    const toldSave = once(
      ({ action, input }) =>
        action === 'PutItem' && /"failed"/.test(JSON.stringify(input)) && !('answer' in Object(input.Item)),
      () => die(world),
    );
    guard(world, (call) =>
      call.action === 'CreateAccessKey' ? refusal('AccessDenied', 403) : toldSave(call),
    );
    await pressInHome(sandbox, ana, CREATE);
    guard(world, undefined);
    await anHour(world);
    const homes = sandbox.slack.wire.calls.filter(({ action }) => action === 'views.publish');
    expect(JSON.stringify(homes.map(({ input }) => input))).toContain('AWS said no');
  });

  it('tells that no key came of a createKey that broke off', async () => {
    const userName = await someoneDue(world);
    await brokenOff(userName, CREATE, () => undefined);
    expect((await stored(world, userName)).user.rotation?.history.at(-1)?.reason).toBe('keyNotCreated');
    expect(`${told(world)} ${read(world, userName)}`).toContain('No new key was created');
  });

  it('ends a press during an outage of IAM in a sentence', async () => {
    const userName = await someoneDue(world);
    guard(world, ({ service }) => (service === 'iam' ? refusal('ServiceFailure', 500) : undefined));
    await presses(world, userName, CREATE);
    await anHour(world);
    guard(world, undefined);
    await anHour(world);
    expect(told(world)).not.toBe('');
  });
});

describe('a discard that AWS answers with "no such key" so soon that it may be lag', () => {
  it('does not believe it: the key may live', async () => {
    const userName = await justBefore(world, 'discardNewKey');
    strikes(world, 'DeleteAccessKey', refusal('NoSuchEntity', 404));
    await presses(world, userName, DISCARD);
    guard(world, undefined);
    await anHour(world);
    const { rotation } = (await stored(world, userName)).user;
    expect([rotation?.stage, keysOf(world.sandbox, userName).length]).not.toEqual(['due', 2]);
  });
});

describe('making room for a new key breaks off', () => {
  /** An inactive key in the other slot, and the question about it asked. */
  async function asked(): Promise<{ userName: string; old: string; other: string }> {
    const userName = await someoneDue(world);
    const { sandbox } = world;
    const old = keysOf(sandbox, userName)[0]?.id ?? '';
    sandbox.aws.iam.addKey(userName, { createdAt: sandbox.clock.now() - 300 * DAY, status: 'Inactive' });
    const other = keysOf(sandbox, userName).find(({ id }) => id !== old)?.id ?? '';
    await passTime(sandbox, MINUTE); // the next look is another job
    await inspect(world, userName);
    await presses(world, userName, `Remove …${other.slice(-4)} to make room`);
    return { userName, old, other };
  }

  it.each([
    ['its answer is lost', () => ({ kind: 'lose' }) as const],
    ['the container dies right after it', () => die(world)],
  ])('and that key is gone, no other, when %s', async (_, fault) => {
    const { userName, old, other } = await asked();
    guard(
      world,
      once(({ action }) => action === 'DeleteAccessKey', fault),
    );
    await presses(world, userName, `Remove …${other.slice(-4)} for good`);
    guard(world, undefined);
    await anHour(world);
    expect(keysOf(world.sandbox, userName).map(({ id, status }) => [id, status])).toEqual([[old, 'Active']]);
    const { user } = await stored(world, userName);
    expect(user.claim).toBeUndefined();
    expect(user.rotation?.history.at(-1)).toMatchObject({ what: 'clearSlot', outcome: 'done', keyId: other });
  });

  it('and is not done when somebody turned that key on meanwhile', async () => {
    const { userName, other } = await asked();
    const { console } = world.sandbox.aws.iam;
    await brokenOff(userName, `Remove …${other.slice(-4)} for good`, () =>
      console.setKeyStatus(userName, other, 'Active'),
    );
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
  });
});

describe('“no such key” about a new key that only a resumed createKey wrote down', () => {
  it('may be IAM’s lag as well: the key is not taken for discarded', async () => {
    const userName = await someoneDue(world);
    diesAfter(world, 'PutSecretValue');
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await passTime(world.sandbox, 7 * MINUTE);
    expect(await stage(world, userName)).toBe('issued');
    strikes(world, 'DeleteAccessKey', refusal('NoSuchEntity', 404));
    await presses(world, userName, DISCARD);
    const { user } = await stored(world, userName);
    expect(user.rotation?.history.map(({ what }) => what)).not.toContain('discardNewKey');
    await anHour(world);
    expect(keysOf(world.sandbox, userName)).toHaveLength(1);
    expect(await stage(world, userName)).toBe('due');
  });
});

describe('a user that is renamed while its createKey is broken off', () => {
  /** The container dies after this call; then somebody renames the user, before anybody goes on with the move. */
  async function renamedAfter(action: string): Promise<{ name: string; made: string }> {
    const userName = await someoneDue(world);
    const name = `${userName}-new`;
    const { sandbox } = world;
    diesAfter(world, action);
    await begins(world, userName, CREATE);
    guard(world, undefined);
    sandbox.aws.iam.console.updateUser(userName, { userName: name });
    world.current.push(name);
    await anHour(world);
    await inspect(world, userName);
    await anHour(world);
    return { name, made: keysOf(sandbox, name)[1]?.id ?? '' };
  }

  it('has its new key, whose secret lies under the name that it had', async () => {
    const { name, made } = await renamedAfter('PutSecretValue');
    const { user } = await stored(world, name);
    expect(user.rotation).toMatchObject({ stage: 'issued', replacement: { keyId: made } });
    expect(told(world)).not.toContain('No new key was created');
    const shown = read(world, name);
    const path = /--secret-id\s+(\S+)/.exec(shown)?.[1] ?? '';
    expect(world.sandbox.aws.secrets.state.secrets.has(path)).toBe(true);
  });

  it('is shown the key as stranded when its secret is nowhere', async () => {
    const { name, made } = await renamedAfter('CreateAccessKey');
    const { user } = await stored(world, name);
    expect(user).toMatchObject({ stranded: [made], rotation: { stage: 'due' } });
    expect(user.rotation?.history.find(({ reason }) => reason === 'newKeyStranded')?.keyId).toBe(made);
    expect(told(world)).not.toContain('No new key was created');
    expect(read(world, name)).toContain('I did not store its secret');
  });
});
