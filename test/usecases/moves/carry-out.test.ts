// What is written down of a move: beside what else was noted meanwhile, and when nobody knows whether AWS did it.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { SentMessage } from '../../../src/domain/message.ts';
import type { MoveName } from '../../../src/domain/transitions.ts';
import type { ClickJob } from '../../../src/usecases/jobs.ts';
import { applyMove } from '../../../src/usecases/moves/apply-move.ts';
import { conclude } from '../../../src/usecases/moves/carry-out.ts';
import { CARD, NEVER, NOW, newKey, oldKey, rotationAt, userAt } from '../../domain/given.ts';
import { ACCOUNT, ANA, lostAnswer, SAM, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

/** Ana retires the key; once AWS has turned it off, and before that is written down, something else is. */
function retired(meanwhile: (current: IamUser) => IamUser): Promise<void> {
  return retires(async () => {
    await world.ports.users.save(meanwhile(await world.load('ci')));
    return 'request-77';
  });
}

const BY_ANA = { kind: 'person', slackId: ANA, as: 'owner' } as const;

function press(userName: string, move: MoveName, ts = ''): ClickJob {
  const place = { channel: 'DANA', ts };
  return {
    ...{ kind: 'click', id: 'click-2', account: ACCOUNT, userName, move, insist: false, personId: ANA },
    place,
  };
}

async function retires(setStatus: () => Promise<string>): Promise<void> {
  const keys = [oldKey({ lastUse: NEVER })];
  world.addIamUser('ci', { keys });
  await world.save(userAt('due', { userName: 'ci', keys }));
  const { keys: keysOf } = world.ports;
  world.ports.keys = (account) => ({ ...keysOf(account), setStatus });
  await applyMove(
    {
      ...{ kind: 'click', id: 'click-1', account: ACCOUNT, userName: 'ci', move: 'retire' },
      ...{ insist: false, personId: ANA, place: { channel: CARD.channel, ts: CARD.ts } },
    },
    world.ports,
  );
}

describe('a move is written down at once, with the id under which AWS has it', () => {
  it('beside a reminder that was noted meanwhile', async () => {
    const reminder = { ...CARD, ts: '99' };
    await retired((user) => ({ ...user, messages: [reminder], notifiedAt: NOW + 1 }));
    const user = await world.load('ci');
    expect(user).toMatchObject({
      rotation: { stage: 'retired' },
      messages: [{ ts: '99' }],
      notifiedAt: NOW + 1,
    });
    expect(user.claim).toBeUndefined();
    expect(user.rotation?.history.at(-1)).toMatchObject({ what: 'retire', awsRequestIds: ['request-77'] });
  });
});

it('a move is written down beside two notes, one of them made while the other is read', async () => {
  const { users } = world.ports;
  const save = (user: IamUser) => users.save({ ...user, notifiedAt: (user.notifiedAt ?? NOW) + 1 });
  let isNoted = false;
  world.ports.users = {
    ...users,
    async load(id) {
      const loaded = await users.load(id);
      if (loaded?.claim && isNoted) await save(loaded);
      isNoted = false;
      return loaded;
    },
  };
  await retires(async () => {
    const current = await users.load({ account: ACCOUNT, userName: 'ci' });
    if (current) await save(current);
    isNoted = true;
    return 'request-77';
  });
  expect((await world.load('ci')).rotation?.history.at(-1)).toMatchObject({
    what: 'retire',
    awsRequestIds: ['request-77'],
  });
});

const IN_USE = [oldKey(), newKey()];

it('only a change in AWS makes IAM lag, and that it was made is remembered', async () => {
  await retires(async () => 'request-77');
  expect((await world.load('ci')).changedAt).toBe(NOW);
  const due = await world.save(userAt('issued', { userName: 'noted', keys: IN_USE }));
  world.addIamUser('noted', { keys: due.keys });
  await applyMove(press('noted', 'confirmMigration', CARD.ts), world.ports);
  expect(await world.load('noted')).toMatchObject({ rotation: { stage: 'confirmed' } });
  expect((await world.load('noted')).changedAt).toBe(due.changedAt);
});

it('the card that an admin asked for can be pressed as the owner’s can', async () => {
  const card: SentMessage = { channel: 'DSAM', ts: '7', reader: { as: 'admin', id: SAM }, drawing: '' };
  const user = await world.save(
    userAt('issued', { userName: 'noted', keys: IN_USE, messages: [CARD, card] }),
  );
  world.addIamUser('noted', { keys: user.keys });
  await applyMove({ ...press('noted', 'confirmMigration', '7'), personId: SAM }, world.ports);
  expect((await world.load('noted')).rotation?.stage).toBe('confirmed');
});

it('that a move takes longer is told once, however often it must wait', async () => {
  const rotation = rotationAt('due');
  const claim = {
    jobId: 'click-1',
    move: 'retire',
    actor: BY_ANA,
    at: NOW,
    leaseUntil: NOW,
    knownKeyIds: [],
  } as const;
  const user = await world.save(
    userAt('due', { userName: 'ci', rotation, claim: { ...claim, knownKeyIds: [] } }),
  );
  const unsettled = { kind: 'notKnownYet', until: NOW + 5 } as const;
  const waiting = await conclude(user, unsettled, world.ports);
  expect(waiting.answer).toMatchObject({ to: ANA, refusal: { kind: 'settling' } });
  const { answer: _, ...told } = waiting;
  expect((await conclude(told, unsettled, world.ports)).answer).toBeUndefined();
});

it('whoever has taken the move over meanwhile writes it down, and nobody else', async () => {
  const takenOver = (user: IamUser): IamUser => ({
    ...user,
    ...(user.claim && { claim: { ...user.claim, leaseUntil: user.claim.leaseUntil + 1 } }),
  });
  await expect(retired(takenOver)).rejects.toThrow('meanwhile');
  expect((await world.load('ci')).claim).toMatchObject({ move: 'retire' });
});

it('a move of which nobody knows whether AWS did it stays claimed, to be taken up at once, and is not on record as failed', async () => {
  await expect(retires(() => Promise.reject(lostAnswer()))).rejects.toThrow();
  const { claim, rotation } = await world.load('ci');
  expect(claim).toMatchObject({ move: 'retire', leaseUntil: NOW });
  expect(rotation?.stage).toBe('due');
  expect(rotation?.history.map(({ what }) => what)).not.toContain('retire');
});
