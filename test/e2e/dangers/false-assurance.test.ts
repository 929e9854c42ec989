// Tools like this say that all is well when it is not. Here nothing counts that was not looked up, and nothing is done unseen.
import { describe, expect, it } from 'vitest';
import { ending } from '../../../src/domain/access-key.ts';
import { DAY, MINUTE } from '../../sandbox/clock.ts';
import { notifications } from '../../sandbox/play/notifications.ts';
import {
  applicationUses,
  card,
  command,
  deliver,
  drain,
  keysOf,
  passTime,
  run,
} from '../../sandbox/play/play.ts';
import { openDm } from '../../sandbox/servers/slack/conversations.ts';
import type { Call } from '../../sandbox/servers/wire.ts';
import { everMinted, guard, inspect, itemsOf, presses, someoneDue, stored, useNow } from '../mortal-world.ts';
import { isClaim } from './strikes.ts';
import {
  BACK_ON,
  CREATE,
  failing,
  formOf,
  justBefore,
  keyIds,
  meanwhile,
  OFF,
  offered,
  REPLACED,
  read,
  sharedWorld,
  stage,
  statuses,
  told,
  UNNEEDED,
  unseen,
} from './telling.ts';

const world = sharedWorld();

describe('danger 18: the new key is “tested” with another key', () => {
  it('believes only what AWS says of the new key itself', async () => {
    const { sandbox } = world;
    const userName = await someoneDue(world);
    await presses(world, userName, CREATE);
    const [old = '', fresh = ''] = keyIds(world, userName);
    const [foreign = ''] = keyIds(world, world.bystander);
    for (const id of [old, foreign]) await applicationUses(sandbox, id, 'sts');
    expect(await formOf(world, userName, REPLACED)).toContain('nothing had used it');
    await presses(world, userName, REPLACED);
    await presses(world, userName, OFF);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    expect(read(world, userName)).toContain(`${ending(fresh)} has not been used yet`);
    await applicationUses(sandbox, fresh, 'sts');
    await presses(world, userName, 'Check again');
    expect(read(world, userName)).not.toContain('has not been used yet');
  });
});

function optOut(userName: string): void {
  const nextMonth = new Date(world.sandbox.clock.now() + 30 * DAY).toISOString().slice(0, 10);
  world.sandbox.aws.iam.console.tagUser(userName, { 'keyrotate:exempt': `${nextMonth} a migration` });
}

describe('danger 19: a look-up of exemptions that fails', () => {
  it.each([
    ['exempt', true],
    ['not exempt', false],
  ])('decides nothing about a user who is %s, until AWS answers', async (_, exempt) => {
    const userName = unseen(world, [83]);
    if (exempt) optOut(userName);
    failing(world, 'GetUser', 'AccessDenied', 403);
    await inspect(world, userName);
    const known = (await itemsOf(world, userName)) as { exempt?: unknown; rotation?: unknown }[];
    expect(known.filter((item) => item.exempt || item.rotation)).toEqual([]);
    guard(world, undefined);
    await passTime(world.sandbox, DAY);
    await inspect(world, userName);
    const { user } = await stored(world, userName);
    expect([user.exempt?.kind, user.rotation?.stage]).toEqual(
      exempt ? ['until', undefined] : [undefined, 'due'],
    );
  });

  it('forgets no exemption, and opens no rotation in spite of it', async () => {
    const userName = unseen(world, [83]);
    optOut(userName);
    await inspect(world, userName);
    failing(world, 'GetUser', 'ServiceFailure', 500);
    await passTime(world.sandbox, DAY);
    await inspect(world, userName);
    const { user } = await stored(world, userName);
    expect([user.exempt?.kind, user.rotation]).toEqual(['until', undefined]);
  });
});

describe('danger 20: users past the first page', () => {
  it('are found by the sweep, and listed to their owners', async () => {
    const { sandbox, ana } = world;
    const due = unseen(world, [83]);
    const young = unseen(world, [10]); // nothing but the walk over the account can tell of it
    await run(sandbox, 'sweep');
    expect(await stage(world, due)).toBe('due');
    // IAM may return fewer than it is asked for, and say that there are more.
    guard(world, ({ action, input }) => {
      if (action === 'GetAccountAuthorizationDetails') input.MaxItems = '1';
      return undefined;
    });
    await command(sandbox, ana, 'list', openDm(sandbox.slack.workspace, ana).id);
    for (const userName of [due, young]) expect(told(world)).toContain(userName);
  });
});

describe('danger 21: a stage that comes on one day only', () => {
  it('finds a key that fell due while no sweep ran', async () => {
    const userName = unseen(world, [60]);
    await inspect(world, userName);
    expect(await itemsOf(world, userName)).toEqual([]);
    world.sandbox.clock.advance(45 * DAY);
    await inspect(world, userName);
    expect(await stage(world, userName)).toBe('due');
  });

  it('reminds once of all the days that were missed', async () => {
    const userName = await someoneDue(world, [83]);
    await passTime(world.sandbox, 8 * DAY); // 3 days, 1 day and 0 days before the deadline
    await passTime(world.sandbox, 5 * MINUTE);
    expect(notifications(world.sandbox).filter(({ to }) => to === world.ana)).toHaveLength(2);
    expect(read(world, userName)).toContain('91 days old');
  });
});

describe('danger 22: done, and nobody is told', () => {
  it.each([
    ['createKey', CREATE, REPLACED],
    ['deactivate', OFF, BACK_ON],
    ['retire', UNNEEDED, BACK_ON],
  ])('redraws the card of %s as soon as Slack is there again', async (title, button, then) => {
    const userName = await justBefore(world, title);
    failing(world, 'chat.', 'internal_error', 200);
    await presses(world, userName, button);
    expect(offered(world, userName)).toContain(button);
    guard(world, undefined);
    await passTime(world.sandbox, 5 * MINUTE);
    expect(offered(world, userName)).toContain(then);
  });

  it('sends the card anew when its message is gone', async () => {
    const userName = await someoneDue(world);
    const { sandbox, ana } = world;
    const message = card(sandbox, ana, userName);
    await deliver(sandbox, sandbox.slack.people.click({ user: ana, message, button: CREATE }));
    message.deleted = true;
    await drain(sandbox);
    await passTime(sandbox, DAY); // it notifies, so it is tomorrow's
    expect(offered(world, userName)).toContain(REPLACED);
  });
});

describe('danger 23: the report believed for more than it says', () => {
  it('takes the age of a key from IAM, not from the day it was last turned off or on', async () => {
    const userName = unseen(world, [120]);
    const [key] = keysOf(world.sandbox, userName);
    if (key) key.lastChangedAt = world.sandbox.clock.now() - 85 * DAY;
    await run(world.sandbox, 'sweep');
    const { rotation } = (await stored(world, userName)).user;
    expect(rotation?.oldKeyCreatedAt).toBe(key?.createdAt);
  });

  it('asks AWS itself when a key was last used, whatever the report knew', async () => {
    const userName = unseen(world, [83]);
    await run(world.sandbox, 'sweep');
    const [key] = keysOf(world.sandbox, userName);
    useNow(world, userName, key?.id);
    await run(world.sandbox, 'sweep'); // within four hours AWS hands out the same report
    const { user } = await stored(world, userName);
    expect(user.keys[0]?.lastUse).toMatchObject({ seen: 'used', at: key?.lastUsed?.at });
  });
});

describe('danger 24: acting on what was true a while ago', () => {
  const firstLook = ({ service }: Call) => service === 'iam';

  it.each([
    ['just before', firstLook],
    ['after the look', isClaim],
  ])('makes no key when somebody fills the second slot %s', async (_, moment) => {
    const userName = await someoneDue(world);
    meanwhile(world, moment, () => world.sandbox.aws.iam.console.createKey(userName));
    await presses(world, userName, CREATE);
    expect(everMinted(world.sandbox, userName)).toHaveLength(2);
    expect(told(world)).toContain('has two keys already');
    expect(await stage(world, userName)).toBe('due');
  });

  it('asks before it turns off a key that has just been used', async () => {
    const userName = await justBefore(world, 'deactivate');
    const [old] = keysOf(world.sandbox, userName);
    meanwhile(world, firstLook, () => useNow(world, userName, old?.id));
    await presses(world, userName, OFF);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    expect(read(world, userName)).toContain('is still used');
  });

  it.each([
    ['deleted', (userName: string, id: string) => world.sandbox.aws.iam.console.deleteKey(userName, id)],
    [
      'turned off',
      (userName: string, id: string) => world.sandbox.aws.iam.console.setKeyStatus(userName, id, 'Inactive'),
    ],
  ])('keeps the old key on when the new one has just been %s', async (_, change) => {
    const userName = await justBefore(world, 'deactivate');
    const [old, fresh] = keysOf(world.sandbox, userName);
    meanwhile(world, firstLook, () => change(userName, fresh?.id ?? ''));
    await presses(world, userName, OFF);
    expect(keysOf(world.sandbox, userName).find(({ id }) => id === old?.id)?.status).toBe('Active');
    expect(told(world)).toContain('so nothing was changed');
  });

  it('keeps the new key when the old one has just been turned off', async () => {
    const userName = await justBefore(world, 'discardNewKey');
    const [old] = keysOf(world.sandbox, userName);
    meanwhile(world, firstLook, () =>
      world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Inactive'),
    );
    await presses(world, userName, 'Discard new key');
    expect(statuses(world, userName)).toEqual(['Inactive', 'Active']);
    expect(told(world)).toContain('the only key that works');
  });

  it('touches nothing of a user made anew under the same name', async () => {
    const userName = await someoneDue(world);
    meanwhile(world, firstLook, () => world.sandbox.aws.iam.console.recreateUser(userName));
    await presses(world, userName, CREATE);
    expect(keysOf(world.sandbox, userName)).toEqual([]);
    expect(told(world)).toContain('made anew under the same name');
  });
});
