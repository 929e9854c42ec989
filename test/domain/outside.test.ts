// What somebody does in AWS beside keyrotate: seen twice before it is believed, told once, and led to what is true.
import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../../src/domain/access-key.ts';
import { hasNews } from '../../src/domain/agenda.ts';
import type { IamUser } from '../../src/domain/iam-user.ts';
import { matters } from '../../src/domain/matters.ts';
import { isOverdue } from '../../src/domain/policy.ts';
import { isUnfiled } from '../../src/domain/rotation.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import {
  OPEN_STAGES,
  type OpenStage,
  SIGHTINGS,
  type SightingName,
  type Stage,
  sightingsAt,
} from '../../src/domain/transitions.ts';
import { corrections } from '../../src/domain/wanted.ts';
import {
  adminsTold,
  drawn,
  keysAt,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  POLICY,
  rotationAt,
  userAt,
} from './given.ts';
import { looking, QUARTER, snapshot } from './looking.ts';

const THIRD = 'AKIATHIRDTHIRDTHIRDX';

/** What a look shows when somebody did this outside keyrotate. */
function shown(stage: OpenStage, name: SightingName): Partial<Snapshot> {
  const keys = keysAt(stage);
  const without = (id: string) => ({ keys: keys.filter((key) => key.id !== id) });
  const turned = (id: string, status: AccessKey['status']) => ({
    keys: keys.map((key) => (key.id === id ? { ...key, status } : key)),
  });
  const all: Record<SightingName, Partial<Snapshot>> = {
    userGone: { exists: false, keys: [] },
    oldKeyGone: without(OLD),
    oldKeyOff: turned(OLD, 'Inactive'),
    oldKeyOn: turned(OLD, 'Active'),
    newKeyGone: without(NEW),
    newKeyOff: turned(NEW, 'Inactive'),
    otherKeyFound: { keys: [...keys, newKey({ id: THIRD })] },
  };
  return all[name];
}

/** Its rotation was copied, and whoever was to hear of it has. */
function filed({ rotation, ...user }: IamUser): IamUser {
  const isOver = rotation?.stage === 'resolved';
  return { ...user, messages: [], ...(isOver && { rotation: { ...rotation, isFiled: true } }) };
}

const ROWS = OPEN_STAGES.flatMap((stage) =>
  sightingsAt(stage).map((name): [SightingName, OpenStage, Stage] => {
    const row: Partial<Record<SightingName, Stage>> = SIGHTINGS[stage];
    return [name, stage, row[name] ?? stage];
  }),
);

describe.each(ROWS.filter(([name]) => name !== 'otherKeyFound'))('%s, at %s', (name, stage, target) => {
  const changed = shown(stage, name);
  const first = looking(userAt(stage), changed, NOW);
  const second = looking(first, changed, NOW + QUARTER);

  it('is not believed the first time, nor again within a quarter of an hour', () => {
    for (const seen of [first, looking(first, changed, NOW + QUARTER - 1)]) {
      expect(seen.rotation?.stage).toBe(stage);
      expect(seen.rotation?.history).toEqual([]);
      expect(seen.unconfirmed).toContainEqual({ sighting: name, firstSeenAt: NOW });
      expect(hasNews(seen)).toBe(false);
    }
  });

  it(`leads to ${target} when it is seen again a quarter of an hour later, and the owner is to hear`, () => {
    expect(second.rotation?.stage).toBe(target);
    expect(second.rotation?.history).toMatchObject([
      { what: name, from: stage, to: target, by: { kind: 'keyrotate' }, at: NOW + QUARTER },
    ]);
    expect(hasNews(second)).toBe(true);
    expect(isUnfiled(second.rotation)).toBe(target === 'resolved');
    expect(second.unconfirmed).toEqual([]);
  });

  it('is told once, however often it is seen', () => {
    const { history } = looking(second, changed, NOW + DAY, NOW + 2 * DAY).rotation ?? {};
    expect(history).toHaveLength(1);
  });

  it('is forgotten when it is no longer so', () => {
    const again = looking(first, { keys: keysAt(stage) }, NOW + QUARTER);
    expect(again.unconfirmed).toEqual([]);
    expect(again.rotation?.stage).toBe(stage);
  });

  it('does not count within a quarter of an hour of our own change', () => {
    const wrote = userAt(stage, { changedAt: NOW - 14 * MINUTE });
    expect(looking(wrote, changed, NOW).unconfirmed).toEqual([]);
    const seenBefore = { ...first, changedAt: NOW + 10 * MINUTE };
    expect(looking(seenBefore, changed, NOW + 24 * MINUTE).rotation?.stage).toBe(stage);
    expect(looking(seenBefore, changed, NOW + 25 * MINUTE).rotation?.stage).toBe(target);
  });
});

describe('what a change made outside leaves behind', () => {
  const seenTwice = (stage: OpenStage, name: SightingName, user = userAt(stage)) =>
    looking(user, shown(stage, name), NOW, NOW + QUARTER);

  it.each([
    ['due', 'retired'],
    ['issued', 'deactivated'],
  ] as const)(
    'an old key turned off at %s has a grace period from the first look that showed it',
    (stage, target) => {
      expect(seenTwice(stage, 'oldKeyOff').rotation).toMatchObject({
        stage: target,
        offSince: NOW,
        offBy: 'outside',
      });
    },
  );

  it.each(['newKeyOff', 'newKeyGone'] as const)(
    'nothing that works is an alarm, and the old key stays as it is (%s)',
    (name) => {
      const { offSince } = rotationAt('deactivated');
      const alarmed = seenTwice('deactivated', name);
      expect(alarmed.rotation).toMatchObject({
        ...{ stage: 'deactivated', offSince, offBy: 'keyrotate', newKeyOutSince: NOW },
      });
      expect(matters(alarmed, POLICY, NOW + QUARTER)).toContainEqual({ kind: 'nothingWorks', level: 1 });
      expect(hasNews(alarmed)).toBe(true);
    },
  );

  it('a third key that works is no alarm for the admins', () => {
    const third = newKey({ id: 'AKIATHIRDTHIRDTHIRDX' });
    const keys = [oldKey({ status: 'Inactive' }), third];
    const user = looking(userAt('deactivated'), { keys }, NOW, NOW + QUARTER);
    expect(user.rotation).toMatchObject({ newKeyOutSince: NOW });
    expect(matters(user, POLICY, NOW + QUARTER)).toEqual([]);
  });

  it('the alarm is over when the new key works again, and then it may come again', () => {
    const alarmed = seenTwice('deactivated', 'newKeyOff');
    const calm = looking(alarmed, { keys: keysAt('deactivated') }, NOW + DAY);
    expect(calm.rotation).not.toHaveProperty('newKeyOutSince');
    expect(matters(calm, POLICY, NOW + DAY)).toEqual([]);
    const again = looking(calm, shown('deactivated', 'newKeyOff'), NOW + 2 * DAY, NOW + 3 * DAY);
    expect(again.rotation).toMatchObject({ newKeyOutSince: NOW + 2 * DAY });
    expect(hasNews({ ...again, toldEntries: 1 })).toBe(true);
  });

  it('a question about it stands no longer', () => {
    const question = { move: 'deactivate', doubts: [{ kind: 'newKeyNeverUsed' }], askedAt: NOW } as const;
    const asked = userAt('confirmed', { question: { ...question, doubts: [...question.doubts] } });
    expect(seenTwice('confirmed', 'oldKeyOff', asked).question).toBeUndefined();
  });

  it('of two changes the weightier leads, and the other follows from there', () => {
    const keys = [oldKey({ status: 'Inactive' }), newKey({ status: 'Inactive' })];
    const user = looking(userAt('confirmed'), { keys }, NOW, NOW + QUARTER);
    expect(user.rotation?.history.map(({ what, to }) => [what, to])).toEqual([
      ['newKeyOff', 'due'],
      ['oldKeyOff', 'retired'],
    ]);
  });
});

describe('an off key that somebody turned on again', () => {
  const off = userAt('retired', { rotation: rotationAt('retired', 3), changedAt: NOW - 3 * DAY });
  const on = { keys: [oldKey({ createdAt: NOW - 120 * DAY })] };
  const seen = looking(off, on, NOW);

  it('starts its grace period anew at once, and its card says so (danger 8)', () => {
    expect(seen.rotation).toMatchObject({ stage: 'retired', offSince: NOW });
    expect(corrections(drawn(off), POLICY, NOW)).toEqual([]);
    expect(corrections({ ...seen, messages: drawn(off).messages }, POLICY, NOW)).toHaveLength(1);
  });

  it('keeps that grace period when it is off again the next time, and is not taken for on', () => {
    const again = looking(seen, { keys: keysAt('retired') }, NOW + DAY, NOW + 2 * DAY);
    expect(again.rotation).toMatchObject({ stage: 'retired', offSince: NOW });
    expect(again.rotation?.history).toEqual([]);
    expect(again.unconfirmed).toEqual([]);
  });

  it('is due again when it is seen on a second time, and its owner is to hear', () => {
    const again = looking(seen, on, NOW + QUARTER);
    expect(again.rotation?.stage).toBe('due');
    expect(hasNews(again)).toBe(true);
  });

  it('counts as overdue again: what matters is whether the key works', () => {
    const rotation = { ...rotationAt('retired', 0), oldKeyCreatedAt: NOW - 120 * DAY };
    expect(isOverdue(rotation, seen.keys, POLICY, NOW)).toBe(true);
    expect(isOverdue(rotation, off.keys, POLICY, NOW)).toBe(false);
  });
});

describe('a user made anew under the name', () => {
  const anew = { userId: 'AIDAANOTHER000000001', arn: 'arn:aws:iam::111122223333:user/new/ci-deploy' };

  it('ends the rotation, even where its keys look the same', () => {
    const user = looking(userAt('issued'), { ...anew, keys: keysAt('issued') }, NOW, NOW + QUARTER);
    expect(user.rotation).toMatchObject({ stage: 'resolved' });
    expect(user.rotation?.history).toMatchObject([{ what: 'userGone' }]);
    expect(user).toMatchObject({ userId: 'AIDACIDEPLOY000000001', arn: snapshot().arn });
  });

  it('gets a rotation of its own, once the one before is filed', () => {
    const keys = [oldKey({ id: THIRD })];
    const over = looking(userAt('issued'), { ...anew, keys }, NOW, NOW + QUARTER);
    expect(looking(over, { ...anew, keys }, NOW + DAY).rotation).toEqual(over.rotation);
    const user = looking(filed(over), { ...anew, keys }, NOW + DAY);
    expect(user).toMatchObject({ ...anew, rotation: { stage: 'due', oldKeyId: THIRD } });
  });

  it('leaves what admins were told of the one before to be settled, and nobody else’s card to be touched', () => {
    const ownerChange = { to: { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' }, at: NOW } as const;
    const told = adminsTold(filed(userAt('deleted', { ownerChange })));
    const user = looking(told, { ...anew, keys: keysAt('deleted') }, NOW + DAY);
    expect(corrections(user, POLICY, NOW + DAY)).toMatchObject([
      { kind: 'redraw', message: { reader: { matter: 'ownerChanged' } }, isLast: true },
    ]);
  });

  it('is told from one that was only moved to another path', () => {
    const { arn } = anew;
    const user = looking(userAt('issued'), { arn, keys: keysAt('issued') }, NOW, NOW + QUARTER);
    expect(user).toMatchObject({ arn, rotation: { stage: 'issued' }, unconfirmed: [] });
  });
});

describe.each(['due', 'postponed', 'retired'] as const)('a key found where none was, at %s', (stage) => {
  const changed = shown(stage, 'otherKeyFound');
  const found = looking(userAt(stage), changed, NOW);

  it('is told at once, by its id, and changes nothing else', () => {
    expect(found.rotation).toMatchObject({
      ...rotationAt(stage),
      history: [{ what: 'otherKeyFound', keyId: THIRD }],
    });
    expect(hasNews(found)).toBe(true);
    expect(found.unconfirmed).toEqual([]);
  });

  it('is told once', () => {
    const again = looking(found, changed, NOW + QUARTER, NOW + DAY);
    expect(again.rotation?.history).toHaveLength(1);
  });

  it('is told however shortly keyrotate has written: a key that is there is there', () => {
    const wrote = userAt(stage, { changedAt: NOW - MINUTE });
    expect(looking(wrote, changed, NOW).rotation?.history).toHaveLength(1);
  });

  it('is not told of when keyrotate made it, be it stored or stranded', () => {
    for (const own of [{ knownKeyIds: [OLD, NEW, THIRD] }, { stranded: [THIRD] }]) {
      const user = looking(userAt(stage, own), changed, NOW);
      expect(user.rotation?.history).toEqual([]);
      expect(hasNews(user)).toBe(false);
    }
  });
});
