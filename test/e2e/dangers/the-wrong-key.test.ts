// Tools like this turn off or delete the wrong key, or the right one too soon. Here only the key that was asked about goes.
import { describe, expect, it } from 'vitest';
import { ending } from '../../../src/domain/access-key.ts';
import { DAY, HOUR } from '../../sandbox/clock.ts';
import { keysOf, passTime, run } from '../../sandbox/play/play.ts';
import type { IamKey } from '../../sandbox/servers/aws/iam-state.ts';
import { inspect, itemsOf, keysIn, presses, someoneDue, stored, useNow } from '../mortal-world.ts';
import { isClaim } from './strikes.ts';
import {
  anHour,
  BACK_ON,
  begins,
  CREATE,
  DELETE,
  diesAfter,
  failing,
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

describe('danger 8: a grace period counted from the day a key was made', () => {
  it('gives a key of 97 days its whole grace period, from the day it went off', async () => {
    const userName = await someoneDue(world, [97]);
    await presses(world, userName, UNNEEDED);
    expect(statuses(world, userName)).toEqual(['Inactive']);
    expect(offered(world, userName)).not.toContain(DELETE);
    await passTime(world.sandbox, 6 * DAY + 23 * HOUR);
    expect(offered(world, userName)).not.toContain(DELETE);
    await passTime(world.sandbox, HOUR);
    await presses(world, userName, DELETE);
    expect(keyIds(world, userName)).toEqual([]);
  });

  it('leaves alone what people have parked themselves', async () => {
    const parked = unseen(world, [300]);
    const beside = unseen(world, [300, 83]);
    const { console } = world.sandbox.aws.iam;
    for (const userName of [parked, beside])
      console.setKeyStatus(userName, keyIds(world, userName)[0] ?? '', 'Inactive');
    const before = [parked, beside].map((userName) => keysIn(world.sandbox, userName));
    await run(world.sandbox, 'sweep');
    await passTime(world.sandbox, 21 * DAY);
    await run(world.sandbox, 'sweep');
    expect([parked, beside].map((userName) => keysIn(world.sandbox, userName))).toEqual(before);
    expect(await itemsOf(world, parked)).toEqual([]);
    expect((await stored(world, beside)).user.rotation?.oldKeyId).toBe(keyIds(world, beside)[1]);
  });
});

/** A user whose oldest key IAM lists first or last. */
function listedAt(place: 0 | 1): { userName: string; old: string; listed: IamKey[] } {
  const userName = unseen(world, [20, 20]);
  const listed = keysOf(world.sandbox, userName).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const key = listed[place];
  if (key) key.createdAt = key.lastChangedAt -= 63 * DAY;
  return { userName, old: key?.id ?? '', listed };
}

describe('danger 10: the order of a list taken for age', () => {
  it.each([
    ['first', 0],
    ['last', 1],
  ] as const)('begins with the oldest key by its date, be it listed %s', async (_, place) => {
    const { userName, old } = listedAt(place);
    await inspect(world, userName);
    expect((await stored(world, userName)).user.rotation?.oldKeyId).toBe(old);
  });
});

describe('danger 11: a slot of the report taken for a place in the list', () => {
  it.each([0, 1] as const)(
    'begins with the oldest key where slots and list disagree, at %i',
    async (place) => {
      const { userName, old, listed } = listedAt(place);
      for (const [nth, key] of listed.entries()) key.slot = nth === 0 ? 2 : 1;
      await run(world.sandbox, 'sweep');
      expect((await stored(world, userName)).user.rotation?.oldKeyId).toBe(old);
    },
  );
});

describe('danger 12: the less used of two keys is removed to make room', () => {
  it('leaves both as they are for as long as nobody says which one goes', async () => {
    const userName = await someoneDue(world, [95, 80]);
    const before = keysIn(world.sandbox, userName);
    useNow(world, userName, keyIds(world, userName)[1]);
    await run(world.sandbox, 'sweep');
    await passTime(world.sandbox, 21 * DAY);
    expect(keysIn(world.sandbox, userName)).toBe(before);
    for (const id of keyIds(world, userName)) expect(read(world, userName)).toContain(`…${ending(id)}`);
    expect(offered(world, userName)).not.toContain(CREATE);
  });
});

describe('danger 13: the old key is turned off before there is a new one', () => {
  it('leaves the old key on when AWS makes no new one', async () => {
    const userName = await someoneDue(world);
    failing(world, 'CreateAccessKey', 'LimitExceeded', 409);
    await presses(world, userName, CREATE);
    const { trail } = world.sandbox.aws.iam.state;
    expect(trail.filter((change) => change.userName === userName && change.call)).toEqual([]);
    expect(statuses(world, userName)).toEqual(['Active']);
    expect(told(world)).not.toBe('');
  });
});

describe('danger 15: one match condemns every key of the user', () => {
  it('turns off and deletes the one key that the rotation is about, and touches no other', async () => {
    const userName = await someoneDue(world, [95, 85]);
    const [old = '', other = ''] = keyIds(world, userName);
    useNow(world, userName, other);
    const neighbours = keysIn(world.sandbox, world.bystander);
    await presses(world, userName, `…${ending(other)} replaces …${ending(old)}`);
    await presses(world, userName, REPLACED);
    // The other key was parked for weeks before it was used.
    for (const label of [OFF, 'Turn off anyway']) await presses(world, userName, label);
    expect(keysIn(world.sandbox, userName)).toBe([`${old} Inactive`, `${other} Active`].sort().join(', '));
    await passTime(world.sandbox, 8 * DAY);
    await presses(world, userName, DELETE);
    expect(keysIn(world.sandbox, userName)).toBe(`${other} Active`);
    expect(keysIn(world.sandbox, world.bystander)).toBe(neighbours);
  });
});

describe('danger 16: deleted although nobody has shown that it was replaced', () => {
  it.each([
    ['issued', 'confirmMigration', [OFF, DELETE]],
    ['off', 'delete', []],
  ])(
    'does nothing by itself to an old key that is %s, however long that lasts',
    async (_, title, missing) => {
      const userName = await justBefore(world, title);
      const before = keysIn(world.sandbox, userName);
      for (let month = 0; month < 3; month += 1) {
        await run(world.sandbox, 'sweep');
        await passTime(world.sandbox, 30 * DAY);
      }
      expect(keysIn(world.sandbox, userName)).toBe(before);
      for (const button of missing) expect(offered(world, userName)).not.toContain(button);
    },
  );
});

describe('danger 17: DeleteAccessKey removes keys that work', () => {
  it.each<[string, (turnOn: () => void) => void]>([
    ['in the console', (turnOn) => turnOn()],
    ['between the look and the deletion', (turnOn) => meanwhile(world, isClaim, turnOn)],
  ])('refuses to delete a key that was turned on %s', async (_, happens) => {
    const userName = await justBefore(world, 'delete');
    const [old] = keysOf(world.sandbox, userName);
    happens(() => world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Active'));
    await presses(world, userName, DELETE);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    expect(told(world)).toContain('turned this key on again');
    expect(offered(world, userName)).toContain(BACK_ON);
  });

  it('sees it also when a container died before deleting', async () => {
    const userName = await justBefore(world, 'delete');
    const [old] = keysOf(world.sandbox, userName);
    diesAfter(world, isClaim);
    await begins(world, userName, DELETE);
    world.sandbox.aws.iam.console.setKeyStatus(userName, old?.id ?? '', 'Active');
    await anHour(world);
    expect(statuses(world, userName)).toEqual(['Active', 'Active']);
    expect(await stage(world, userName)).toBe('deactivated');
  });
});
