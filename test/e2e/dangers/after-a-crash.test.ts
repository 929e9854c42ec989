// What was once got wrong after a crash, each as the story that showed it.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY, MINUTE } from '../../sandbox/clock.ts';
import { card, deliver, keysOf, passTime, whispers } from '../../sandbox/play/play.ts';
import { plainText } from '../../sandbox/servers/slack/transcript.ts';
import {
  forgetAll,
  guard,
  inspect,
  presses,
  someoneDue,
  startWorld,
  stored,
  useNow,
  type World,
} from '../mortal-world.ts';
import { SCENES, setUp } from './each-move.ts';
import { die, isClaim, once, refusal } from './strikes.ts';

vi.spyOn(Math, 'random').mockReturnValue(0);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(() => forgetAll(world));
afterAll(() => world.end());

const CREATE = 'Create new key';

function justBefore(title: string): Promise<string> {
  const scene = SCENES.find((one) => one.title === title);
  if (!scene) throw new Error(`no scene ${title}`);
  return setUp(world, scene);
}

async function anHour(): Promise<void> {
  for (const minutes of [5, 12, 16, 27]) await passTime(world.sandbox, minutes * MINUTE);
}

/** The container dies right after the first such call. */
function diesAfter(action: string): void {
  guard(
    world,
    once(
      (call) => call.action === action,
      () => die(world),
    ),
  );
}

const told = () => whispers(world.sandbox, world.ana).join('\n');

/** The container dies right after it has claimed the move; something happens; the message comes back after 6 minutes. */
async function brokenOff(userName: string, button: string, meanwhile: () => void): Promise<void> {
  const { sandbox, ana } = world;
  const message = card(sandbox, ana, userName);
  guard(
    world,
    once(isClaim, () => die(world)),
  );
  await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button }));
  await sandbox.queues.pump();
  guard(world, undefined);
  meanwhile();
  await anHour();
}

describe('a move that broke off is finished on evidence that is no longer true', () => {
  it('discardNewKey asks again when the new key came into use meanwhile', async () => {
    const userName = await justBefore('discardNewKey');
    const [, fresh] = keysOf(world.sandbox, userName);
    await brokenOff(userName, 'Discard new key', () => useNow(world, userName, fresh?.id));
    expect(keysOf(world.sandbox, userName)).toHaveLength(2);
  });

  it('discardNewKey does not delete the only key that works', async () => {
    const userName = await justBefore('discardNewKey');
    const [old] = keysOf(world.sandbox, userName);
    const { console } = world.sandbox.aws.iam;
    await brokenOff(userName, 'Discard new key', () =>
      console.setKeyStatus(userName, old?.id ?? '', 'Inactive'),
    );
    expect(keysOf(world.sandbox, userName).filter(({ status }) => status === 'Active')).toHaveLength(1);
  });

  it('deactivate does not turn off the only key that works', async () => {
    const userName = await justBefore('deactivate');
    const [, fresh] = keysOf(world.sandbox, userName);
    await brokenOff(userName, 'Turn off the old key', () =>
      world.sandbox.aws.iam.console.deleteKey(userName, fresh?.id ?? ''),
    );
    expect(keysOf(world.sandbox, userName).filter(({ status }) => status === 'Active')).toHaveLength(1);
  });

  it.each([
    ['deactivate', 'Turn off the old key'],
    ['retire', "I don't need this key"],
  ])('%s asks again when the old key came into use meanwhile', async (title, button) => {
    const userName = await justBefore(title);
    const [old] = keysOf(world.sandbox, userName);
    await brokenOff(userName, button, () => useNow(world, userName, old?.id));
    expect(keysOf(world.sandbox, userName)[0]?.status).toBe('Active');
  });
});

describe('danger 22: a deletion that broke off leaves no evidence', () => {
  it('is on record with the key as it was when the button was pressed', async () => {
    const userName = await justBefore('delete');
    const { sandbox, ana } = world;
    const [oldKey] = keysOf(sandbox, userName);
    const message = card(sandbox, ana, userName);
    diesAfter('DeleteAccessKey');
    await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button: 'Delete for good' }));
    await sandbox.queues.pump();
    guard(world, undefined);
    await anHour();
    const { rotation } = (await stored(world, userName)).user;
    expect(rotation?.stage).toBe('deleted');
    expect(rotation?.history.at(-1)).toMatchObject({ what: 'delete', outcome: 'done' });
    expect(rotation?.history.at(-1)?.evidence).toContainEqual(
      expect.objectContaining({ id: oldKey?.id, status: 'Inactive', lastUse: expect.anything() }),
    );
  });
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
    await anHour();
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
    await anHour();
    expect(told()).toContain('could not be put into Secrets Manager');
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
    await anHour();
    expect(told()).toContain('could not be put into Secrets Manager');
  });

  it('tells that no key came of a createKey that broke off', async () => {
    const userName = await someoneDue(world);
    await brokenOff(userName, CREATE, () => undefined);
    expect((await stored(world, userName)).user.rotation?.history.at(-1)?.reason).toBe('keyNotCreated');
    expect(`${told()} ${plainText(card(world.sandbox, world.ana, userName))}`).toContain(
      'No new key was created',
    );
  });

  it('ends a press during an outage of IAM in a sentence', async () => {
    const userName = await someoneDue(world);
    guard(world, ({ service }) => (service === 'iam' ? refusal('ServiceFailure', 500) : undefined));
    await presses(world, userName, CREATE);
    await anHour();
    guard(world, undefined);
    await anHour();
    expect(told()).not.toBe('');
  });
});

describe('a stranded key that is gone stays on the card', () => {
  it('takes the warning off the card once a look shows that the key is gone', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      once(
        ({ action }) => action === 'CreateAccessKey',
        () => ({ kind: 'lose' }),
      ),
    );
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await anHour();
    const [, lost] = keysOf(world.sandbox, userName);
    world.sandbox.aws.iam.console.deleteKey(userName, lost?.id ?? '');
    await inspect(world, userName);
    expect((await stored(world, userName)).user.stranded).toEqual([]);
    expect(plainText(card(world.sandbox, world.ana, userName))).not.toContain('came into being');
  });
});

describe('a discard that AWS answers with "no such key" so soon that it may be lag', () => {
  it('does not believe it: the key may live', async () => {
    const userName = await justBefore('discardNewKey');
    guard(
      world,
      once(
        ({ action }) => action === 'DeleteAccessKey',
        () => refusal('NoSuchEntity', 404),
      ),
    );
    await presses(world, userName, 'Discard new key');
    guard(world, undefined);
    await anHour();
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
    await anHour();
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
    expect(keysOf(world.sandbox, userName).map(({ status }) => status)).toEqual(['Active', 'Active']);
  });
});

describe('“no such key” about a new key that only a resumed createKey wrote down', () => {
  it('may be IAM’s lag as well: the key is not taken for discarded', async () => {
    const userName = await someoneDue(world);
    diesAfter('PutSecretValue');
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await passTime(world.sandbox, 7 * MINUTE);
    expect((await stored(world, userName)).user.rotation?.stage).toBe('issued');
    guard(
      world,
      once(
        ({ action }) => action === 'DeleteAccessKey',
        () => refusal('NoSuchEntity', 404),
      ),
    );
    await presses(world, userName, 'Discard new key');
    const { user } = await stored(world, userName);
    expect(user.rotation?.history.map(({ what }) => what)).not.toContain('discardNewKey');
    await anHour();
    expect(keysOf(world.sandbox, userName)).toHaveLength(1);
    expect((await stored(world, userName)).user.rotation?.stage).toBe('due');
  });
});

describe('a user that is renamed while its createKey is broken off', () => {
  /** The container dies after this call; then somebody renames the user, before anybody goes on with the move. */
  async function renamedAfter(action: string): Promise<{ name: string; made: string }> {
    const userName = await someoneDue(world);
    const name = `${userName}-new`;
    const { sandbox, ana } = world;
    const message = card(sandbox, ana, userName);
    diesAfter(action);
    await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button: CREATE }));
    await sandbox.queues.pump();
    guard(world, undefined);
    sandbox.aws.iam.console.updateUser(userName, { userName: name });
    world.current.push(name);
    await anHour();
    await inspect(world, userName);
    await anHour();
    return { name, made: keysOf(sandbox, name)[1]?.id ?? '' };
  }

  it('has its new key, whose secret lies under the name that it had', async () => {
    const { name, made } = await renamedAfter('PutSecretValue');
    const { user } = await stored(world, name);
    expect(user.rotation).toMatchObject({ stage: 'issued', replacement: { keyId: made } });
    expect(told()).not.toContain('No new key was created');
    const shown = plainText(card(world.sandbox, world.ana, name));
    const path = /--secret-id\s+(\S+)/.exec(shown)?.[1] ?? '';
    expect(world.sandbox.aws.secrets.state.secrets.has(path)).toBe(true);
  });

  it('is shown the key as stranded when its secret is nowhere', async () => {
    const { name, made } = await renamedAfter('CreateAccessKey');
    const { user } = await stored(world, name);
    expect(user).toMatchObject({ stranded: [made], rotation: { stage: 'due' } });
    expect(told()).not.toContain('No new key was created');
    expect(plainText(card(world.sandbox, world.ana, name))).toContain('I did not store its secret');
  });
});
