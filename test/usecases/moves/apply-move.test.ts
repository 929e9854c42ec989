// A press counts for what the person saw: a message keeps its place in Slack, and what it says changes.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IamUser, Question } from '../../../src/domain/iam-user.ts';
import type { HistoryEntry } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { MoveName } from '../../../src/domain/transitions.ts';
import { drawingFor } from '../../../src/domain/wanted.ts';
import { applyMove } from '../../../src/usecases/moves/apply-move.ts';
import { CARD, NEVER, NOW, oldKey, POLICY, rotationAt, usedHoursAgo, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, SAM, worldForEach } from '../usecase-world.ts';

const world = worldForEach();
let turnedOff: string[];

beforeEach(() => {
  turnedOff = [];
  const { keys } = world.ports;
  world.ports.keys = (account) => ({
    ...keys(account),
    setStatus: async (_, keyId) => {
      turnedOff.push(keyId);
      return 'request-1';
    },
  });
});

const press = (user: IamUser, drawing?: string, { move = 'retire' as MoveName, insist = false } = {}) =>
  applyMove(
    {
      ...{ kind: 'click', id: 'click-1', account: ACCOUNT, userName: 'ci', move, insist, personId: ANA },
      place: { channel: CARD.channel, ts: user.messages[0]?.ts ?? '', ...(drawing && { drawing }) },
    },
    world.ports,
  );
const drawn = (user: IamUser) => drawingFor(CARD.reader, user, POLICY, NOW);
const quiet = [oldKey({ lastUse: NEVER })];
const busy = [oldKey({ lastUse: usedHoursAgo(1) })];

/** As it is on record, and in AWS. */
async function ci(changes: Partial<IamUser> = {}): Promise<IamUser> {
  const user = await world.save(userAt('due', { userName: 'ci', keys: quiet, ...changes }));
  world.addIamUser('ci', { keys: user.keys });
  return user;
}

const declined: HistoryEntry = {
  ...{ at: NOW, jobId: 'click-0', what: 'decline', outcome: 'done', from: 'due', to: 'due' },
  ...{ by: { kind: 'person', slackId: SAM, as: 'admin' }, evidence: [], awsRequestIds: [] },
};
const question = (doubtAt: number): Question => ({
  ...{ move: 'retire', askedAt: NOW, doubts: [{ kind: 'oldKeyInUse', at: doubtAt, service: 's3' }] },
});

describe('a press on what is shown', () => {
  it('counts', async () => {
    const user = await ci();
    await press(user, drawn(user));
    expect(turnedOff).toEqual([user.rotation?.oldKeyId]);
    expect(world.redrawn).toEqual(['ci']);
  });

  it('counts also where only what else is shown has changed since', async () => {
    const user = await ci();
    const before = drawn({ ...user, keys: busy, exempt: { kind: 'unclear', text: 'for ever' } });
    expect(before).not.toBe(drawn(user));
    await press(user, before);
    expect((await world.load('ci')).rotation?.stage).toBe('retired');
  });

  it('counts where its job names no drawing: an earlier version queued it', async () => {
    await press(await ci());
    expect((await world.load('ci')).rotation?.stage).toBe('retired');
  });
});

describe('a press on what is no longer so does nothing, and whoever pressed gets to see what is', () => {
  it.each<[string, Partial<IamUser>]>([
    ['something was done meanwhile', { rotation: { ...rotationAt('due'), history: [declined] } }],
    ['another question stands', { keys: busy, question: question(NOW - DAY) }],
    ['a key was turned off', { keys: [...quiet, oldKey({ id: 'AKIAOTHER', status: 'Inactive' })] }],
  ])('%s', async (_, changes) => {
    const before = drawn(userAt('due', { userName: 'ci', keys: quiet }));
    await press(await ci(changes), before);
    expect(world.refused).toEqual([{ kind: 'outdatedCard' }]);
    expect([turnedOff, world.redrawn]).toEqual([[], ['ci']]);
    expect((await world.load('ci')).messages).toMatchObject([{ drawing: drawn(await world.load('ci')) }]);
  });

  it('“anyway” was said to an older question', async () => {
    const user = await ci({ keys: busy, question: question(NOW - DAY) });
    await press(user, drawn({ ...user, question: question(NOW - 2 * DAY) }), { insist: true });
    expect(world.refused).toEqual([{ kind: 'outdatedCard' }]);
    expect(turnedOff).toEqual([]);
    expect((await world.load('ci')).question).toEqual(question(NOW - DAY));
  });
});
