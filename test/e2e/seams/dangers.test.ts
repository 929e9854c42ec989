// How tools like this hurt people, told as stories: none of them may happen here.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ending } from '../../../src/domain/access-key.ts';
import { DAY, MINUTE } from '../../sandbox/clock.ts';
import { credentialsOf, leaks, readSecret } from '../../sandbox/outcome.ts';
import { buttons, card, deliver, keysOf, passTime, run, settle, whispers } from '../../sandbox/play.ts';
import { plainText } from '../../sandbox/slack/transcript.ts';
import type { Call, Fault } from '../../sandbox/wire.ts';
import { die, isClaim, isWorkers, once, refusal } from './faults.ts';
import { SCENES, setUp } from './scenes.ts';
import {
  endWorld,
  everMinted,
  forgetAll,
  guard,
  inspect,
  inVault,
  keysIn,
  presses,
  queue,
  someoneDue,
  startWorld,
  stored,
  useNow,
  type World,
} from './world.ts';

// Clients wait a random while between their attempts: the shortest will do.
vi.spyOn(Math, 'random').mockReturnValue(0);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterEach(() => forgetAll(world));

afterAll(async () => {
  expect(leaks(world.sandbox)).toEqual([]);
  await endWorld(world);
});

const CREATE = 'Create new key';
const REPLACED = 'I replaced it everywhere';
const OFF = 'Turn off the old key';
const UNNEEDED = "I don't need this key";
const BACK_ON = 'Turn it back on';
const DELETE = 'Delete for good';

/** Somebody just before a move. */
function justBefore(title: string): Promise<string> {
  const scene = SCENES.find((one) => one.title === title);
  if (!scene) throw new Error(`no scene ${title}`);
  return setUp(world, scene);
}

function read(userName: string): string {
  return plainText(card(world.sandbox, world.ana, userName));
}

function told(): string {
  return whispers(world.sandbox, world.ana).join('\n');
}

function statuses(userName: string): string[] {
  return keysOf(world.sandbox, userName).map(({ status }) => status);
}

async function stage(userName: string): Promise<string | undefined> {
  return (await stored(world, userName)).user.rotation?.stage;
}

/** An hour with its ticks, as far as they matter. */
async function anHour(): Promise<void> {
  for (const minutes of [5, 12, 16, 27]) await passTime(world.sandbox, minutes * MINUTE);
}

/** The press that came last, as the queue knows it. */
function lastClick(): string {
  const event = world.events.findLast((one) => JSON.stringify(one).includes('"eventSource":"aws:sqs"'));
  return (event as { Records: { messageId: string }[] }).Records[0]?.messageId ?? '';
}

function whenever(fits: (call: Call) => boolean, fault: () => Fault) {
  return (call: Call) => (isWorkers(call) && fits(call) ? fault() : undefined);
}

/** Something happens in AWS at the moment of a call, before it takes effect. */
function meanwhile(fits: (call: Call) => boolean, happens: () => void) {
  let happened = false;
  return async (call: Call): Promise<undefined> => {
    if (happened || !isWorkers(call) || !fits(call)) return;
    happened = true;
    await Promise.resolve();
    happens();
  };
}

describe('danger 1: a new key whose secret is lost', () => {
  it.each([
    ['refuses', () => refusal('InvalidRequestException')],
    ['throttles', () => refusal('ThrottlingException')],
    ['fails', () => refusal('InternalServiceError', 500)],
  ])('is deleted again, and the owner told, when the vault %s for good', async (_, fault) => {
    const userName = await someoneDue(world);
    guard(
      world,
      whenever(({ action }) => action === 'PutSecretValue', fault),
    );
    await presses(world, userName, CREATE);
    expect(statuses(userName)).toEqual(['Active']);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told()).toContain('could not be put into Secrets Manager');
    expect(buttons(card(world.sandbox, world.ana, userName))).toEqual(
      expect.arrayContaining([CREATE, UNNEEDED]),
    );
  });

  it('can be asked for once more', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      whenever(
        ({ action }) => action === 'PutSecretValue',
        () => refusal('InvalidRequestException'),
      ),
    );
    await presses(world, userName, CREATE);
    guard(world, undefined);
    await presses(world, userName, CREATE);
    const [, fresh] = keysOf(world.sandbox, userName);
    expect(inVault(world.sandbox, userName, fresh?.id ?? '')).toBe(fresh?.secret);
    expect(await stage(userName)).toBe('issued');
  });

  it('is not made at all when the vault cannot be prepared', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      whenever(
        ({ action }) => action === 'PutResourcePolicy',
        () => refusal('InternalServiceError', 500),
      ),
    );
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(1);
    expect(told()).toContain('so this was not done');
  });
});

describe('danger 2: the old key condemned although delivery failed', () => {
  it('leaves the old key alone for as long as nobody could be told of the new one', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      whenever(
        ({ action }) => action.startsWith('chat.'),
        () => refusal('internal_error', 200),
      ),
    );
    await presses(world, userName, CREATE);
    for (let day = 0; day < 10; day += 1) await passTime(world.sandbox, DAY);
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    guard(world, undefined);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(buttons(card(world.sandbox, world.ana, userName))).toContain(REPLACED);
  });
});

describe('danger 4: two runs at once', () => {
  it('make one key of one press that is delivered twice', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const message = lastClick();
    world.sandbox.functions.worker.restart();
    world.sandbox.queues.deliverAgain(message);
    await settle(world.sandbox);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect((await stored(world, userName)).user.rotation?.history.map(({ what }) => what)).toEqual([
      'open',
      'createKey',
    ]);
    expect(told()).toBe('');
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
    expect(await stage(userName)).toBe('issued');
  });

  it('let a delivery that comes after everything was undone do nothing', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const message = lastClick();
    await presses(world, userName, 'Discard new key');
    world.sandbox.queues.deliverAgain(message);
    await settle(world.sandbox);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(statuses(userName)).toEqual(['Active']);
  });
});

describe('danger 26: a double click', () => {
  it.each([
    ['twice the same', CREATE, CREATE],
    ['two that exclude each other', CREATE, UNNEEDED],
    ['twice the other', UNNEEDED, UNNEEDED],
  ])('has one effect, also in cold containers: %s', async (_, first, second) => {
    const userName = await someoneDue(world);
    const { sandbox, ana } = world;
    const message = card(sandbox, ana, userName);
    const clicks = [first, second].map((button) =>
      sandbox.slack.people.click({ user: ana, message, button }),
    );
    for (const click of clicks) await deliver(sandbox, click);
    expect(queue(sandbox, 'clicks').messages).toHaveLength(2);
    guard(world, (call) => {
      if (call.action === 'users.info') sandbox.functions.worker.restart();
      return undefined;
    });
    await settle(sandbox);
    expect(await stage(userName)).toBe(first === CREATE ? 'issued' : 'retired');
    expect(statuses(userName)).toEqual(first === CREATE ? ['Active', 'Active'] : ['Inactive']);
    expect(whispers(sandbox, ana)).toHaveLength(1);
    expect(told()).toContain('does not fit any more');
  });
});

describe('danger 5: the old key turned off before the new secret was fetched', () => {
  it('asks first while nobody has used the new key', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    await presses(world, userName, REPLACED);
    await presses(world, userName, OFF);
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    expect(read(userName)).toContain('has not been used yet');
  });

  it('keeps the secret where the old key can fetch it', async () => {
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const { sandbox } = world;
    const [old, fresh] = keysOf(sandbox, userName);
    const path = `/iam/keys/${sandbox.organisation.account}/${userName}/key`;
    const fetched = await readSecret(sandbox, credentialsOf(sandbox, userName, old?.id ?? ''), path);
    expect(fetched).toEqual({ value: expect.stringContaining(fresh?.id ?? '') });
  });
});

describe('danger 7: the answer of CreateAccessKey is lost', () => {
  const losing = () =>
    once(
      ({ action }) => action === 'CreateAccessKey',
      () => ({ kind: 'lose' }),
    );

  it('makes no second key, however often it is pressed', async () => {
    const userName = await someoneDue(world);
    guard(world, losing());
    await presses(world, userName, CREATE);
    await anHour();
    for (let press = 0; press < 3; press += 1) {
      if (buttons(card(world.sandbox, world.ana, userName)).includes(CREATE))
        await presses(world, userName, CREATE);
      await anHour();
    }
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told()).toContain('remove it with the button');
  });

  it('does nothing while IAM has not had its time to show the key', async () => {
    const userName = await someoneDue(world);
    world.sandbox.aws.iam.state.lag = 10 * MINUTE;
    guard(world, losing());
    await presses(world, userName, CREATE);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(read(userName)).toContain('Working on it');
    expect(buttons(card(world.sandbox, world.ana, userName))).toEqual([]);
    await passTime(world.sandbox, 11 * MINUTE);
    expect(await stored(world, userName)).toMatchObject({
      user: { stranded: [keysOf(world.sandbox, userName)[1]?.id] },
    });
  });

  it('shows the key as it is, and touches it neither now nor later', async () => {
    const userName = await someoneDue(world);
    guard(world, losing());
    await presses(world, userName, CREATE);
    await anHour();
    const [, lost] = keysOf(world.sandbox, userName);
    expect(read(userName)).toContain(`Key …${ending(lost?.id ?? '')} came into being`);
    expect(buttons(card(world.sandbox, world.ana, userName))).toContain(`Remove …${ending(lost?.id ?? '')}`);
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
    expect(read(userName)).toContain(`Key …${ending(lost?.id ?? '')} came into being`);
  });

  it('goes on as usual once somebody has deleted that key', async () => {
    const userName = await someoneDue(world);
    guard(world, losing());
    await presses(world, userName, CREATE);
    await anHour();
    const [, lost] = keysOf(world.sandbox, userName);
    world.sandbox.aws.iam.console.deleteKey(userName, lost?.id ?? '');
    await inspect(world, userName);
    await presses(world, userName, CREATE);
    expect(await stage(userName)).toBe('issued');
    expect(read(userName)).not.toContain('came into being');
  });

  it('adopts the key instead when its secret was stored before the container died', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      once(
        ({ action }) => action === 'PutSecretValue',
        () => die(world),
      ),
    );
    await presses(world, userName, CREATE);
    await anHour();
    const [, fresh] = keysOf(world.sandbox, userName);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect((await stored(world, userName)).user).toMatchObject({
      stranded: [],
      rotation: { stage: 'issued', replacement: { keyId: fresh?.id } },
    });
  });
});

describe('danger 17: DeleteAccessKey removes keys that work', () => {
  it('refuses to delete a key that was turned on in the console', async () => {
    const userName = await justBefore('delete');
    const [old] = keysOf(world.sandbox, userName);
    world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Active');
    await presses(world, userName, DELETE);
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    expect(told()).toContain('turned this key on again');
    expect(buttons(card(world.sandbox, world.ana, userName))).toContain(BACK_ON);
  });

  it('sees it also when that happens between the look and the deletion', async () => {
    const userName = await justBefore('delete');
    const [old] = keysOf(world.sandbox, userName);
    guard(
      world,
      meanwhile(isClaim, () => world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Active')),
    );
    await presses(world, userName, DELETE);
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    expect(told()).toContain('turned this key on again');
  });

  it('sees it also when a container died before deleting', async () => {
    const userName = await justBefore('delete');
    const [old] = keysOf(world.sandbox, userName);
    guard(
      world,
      once(isClaim, () => die(world)),
    );
    const { sandbox, ana } = world;
    await deliver(
      sandbox,
      sandbox.slack.people.click({ user: ana, message: card(sandbox, ana, userName), button: DELETE }),
    );
    await sandbox.queues.pump();
    sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Active');
    await anHour();
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    expect(await stage(userName)).toBe('deactivated');
  });
});

describe('danger 22: done, and nobody is told', () => {
  it.each([
    ['createKey', CREATE, REPLACED],
    ['deactivate', OFF, BACK_ON],
    ['retire', UNNEEDED, BACK_ON],
  ])('redraws the card of %s as soon as Slack is there again', async (title, button, then) => {
    const userName = await justBefore(title);
    guard(
      world,
      whenever(
        ({ action }) => action.startsWith('chat.'),
        () => refusal('internal_error', 200),
      ),
    );
    await presses(world, userName, button);
    expect(buttons(card(world.sandbox, world.ana, userName))).toContain(button);
    guard(world, undefined);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(buttons(card(world.sandbox, world.ana, userName))).toContain(then);
  });

  it('sends the card anew when its message is gone', async () => {
    const userName = await someoneDue(world);
    const { sandbox, ana } = world;
    const message = card(sandbox, ana, userName);
    await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button: CREATE }));
    message.deleted = true;
    await settle(sandbox);
    await passTime(sandbox, DAY); // it notifies, so it is tomorrow's
    expect(buttons(card(sandbox, ana, userName))).toContain(REPLACED);
  });

  it('writes every change down with the id under which AWS has it', async () => {
    const userName = await justBefore('delete');
    await presses(world, userName, DELETE);
    const { user, filed } = await stored(world, userName);
    const changes = user.rotation?.history.map(({ what, awsRequestIds }) => [what, awsRequestIds.length]);
    expect(changes).toEqual([
      ['open', 0],
      ['createKey', 1],
      ['confirmMigration', 0],
      ['deactivate', 1],
      ['delete', 1],
    ]);
    expect(filed).toBe(1);
  });
});

describe('danger 24: acting on what was true a while ago', () => {
  const firstLook = ({ service }: Call) => service === 'iam';

  it('makes no key when somebody has just filled the second slot', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      meanwhile(firstLook, () => world.sandbox.aws.iam.console.createKey(userName)),
    );
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told()).toContain('has two keys already');
  });

  it('makes no key when the slot is filled after the look', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      meanwhile(isClaim, () => world.sandbox.aws.iam.console.createKey(userName)),
    );
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told()).toContain('has two keys already');
    expect(await stage(userName)).toBe('due');
  });

  it('asks before it turns off a key that has just been used', async () => {
    const userName = await justBefore('deactivate');
    const [old] = keysOf(world.sandbox, userName);
    guard(
      world,
      meanwhile(firstLook, () => useNow(world, userName, old?.id)),
    );
    await presses(world, userName, OFF);
    expect(statuses(userName)).toEqual(['Active', 'Active']);
    expect(read(userName)).toContain('Something still uses');
  });

  it.each([
    ['deleted', (userName: string, id: string) => world.sandbox.aws.iam.console.deleteKey(userName, id)],
    [
      'turned off',
      (userName: string, id: string) => world.sandbox.aws.iam.console.setKeyStatus(userName, id, 'Inactive'),
    ],
  ])('keeps the old key on when the new one has just been %s', async (_, change) => {
    const userName = await justBefore('deactivate');
    const [old, fresh] = keysOf(world.sandbox, userName);
    guard(
      world,
      meanwhile(firstLook, () => change(userName, fresh?.id ?? '')),
    );
    await presses(world, userName, OFF);
    expect(keysOf(world.sandbox, userName).find(({ id }) => id === old?.id)?.status).toBe('Active');
    expect(told()).toContain('so nothing was changed');
  });

  it('keeps the new key when the old one has just been turned off', async () => {
    const userName = await justBefore('discardNewKey');
    const [old] = keysOf(world.sandbox, userName);
    guard(
      world,
      meanwhile(firstLook, () =>
        world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Inactive'),
      ),
    );
    await presses(world, userName, 'Discard new key');
    expect(statuses(userName)).toEqual(['Inactive', 'Active']);
    expect(told()).toContain('the only key that works');
  });

  it('touches nothing of a user made anew under the same name', async () => {
    const userName = await someoneDue(world);
    guard(
      world,
      meanwhile(firstLook, () => world.sandbox.aws.iam.console.recreateUser(userName)),
    );
    await presses(world, userName, CREATE);
    expect(keysOf(world.sandbox, userName)).toEqual([]);
    expect(told()).toContain('made anew under the same name');
  });
});
