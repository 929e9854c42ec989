// The record of an IAM user comes back as it was saved, and no write is lost under another.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { UnreadableItem } from '../../../src/adapters/store/item.ts';
import type { Claim } from '../../../src/domain/iam-user.ts';
import { drawingFor } from '../../../src/domain/wanted.ts';
import { ChangedMeanwhile, NewerSchema, OutsideError } from '../../../src/usecases/errors.ts';
import { BY_ANA, CARD, decidedAt, NOW, POLICY, userAt } from '../../domain/given.ts';
import { anyReader, anyUser } from './any-user.ts';
import { startTable, type Table } from './table-under-test.ts';

const USER = 'USER#111122223333#ci-deploy';
const fresh = userAt('due', { version: 0 });
let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const callsOf = (action: string) => table.wire.calls.filter((call) => call.action === action);

describe('a saved user', () => {
  test('loads as it was saved, at any stage and in any state', async () => {
    await fc.assert(
      fc.asyncProperty(anyUser, async (user) => {
        fc.pre((await table.users.load(user)) === undefined);
        expect(await table.users.save(user)).toStrictEqual({ ...user, version: 1 });
        expect(await table.users.load(user)).toStrictEqual({ ...user, version: 1 });
      }),
    );
  });

  test('has the drawings that it had before', async () => {
    await fc.assert(
      fc.asyncProperty(anyUser, anyReader, async (user, reader) => {
        fc.pre((await table.users.load(user)) === undefined);
        const loaded = await table.users.load(await table.users.save(user));
        expect(loaded && drawingFor(reader, loaded, POLICY, NOW)).toBe(drawingFor(reader, user, POLICY, NOW));
      }),
    );
  });

  test('is read consistently', async () => {
    await table.users.load(fresh);
    expect(callsOf('GetItem')[0]?.input).toMatchObject({ ConsistentRead: true });
  });

  test('shows its times in words to whoever reads the table', async () => {
    await table.users.save(fresh);
    expect(await table.get(USER, 'CURRENT')).toMatchObject({
      schema: 1,
      version: 1,
      keysSeenAt: '2026-11-20T09:00:00.000Z',
      rotation: { openedAt: '2026-11-13T09:00:00.000Z' },
    });
  });

  test('has no move of which the version before knows nothing: that one would not read it', async () => {
    const decided = decidedAt(NOW);
    const claim: Claim = {
      ...{ jobId: 'click-2', actor: BY_ANA, at: NOW, leaseUntil: NOW, knownKeyIds: [] },
      move: 'keepOn',
    };
    const saved = await table.users.save({ ...decided, version: 0, claim });
    const item = await table.get(USER, 'CURRENT');
    expect(item).toMatchObject({
      claim: { move: 'reopen' },
      rotation: { history: [{ what: 'confirmMigration', to: 'confirmed' }] },
    });
    expect(await table.users.load(saved)).toEqual(saved);
  });

  test('keeps what a later version wrote beside the fields known here, at any depth', async () => {
    await table.users.save(fresh);
    const item = (await table.get(USER, 'CURRENT')) ?? {};
    const messages = [{ ...CARD, thread: '2' }];
    await table.put({ ...item, messages, delegates: ['U0BEA'] });
    const loaded = await table.users.load(fresh);
    await table.users.save({ ...(loaded ?? fresh), toldEntries: 1 });
    expect(await table.get(USER, 'CURRENT')).toMatchObject({
      version: 2,
      toldEntries: 1,
      messages,
      delegates: ['U0BEA'],
    });
  });
});

describe('an item that is not what it should be', () => {
  test('is refused when a later version of keyrotate wrote it', async () => {
    await table.put({ pk: USER, sk: 'CURRENT', schema: 2, stages: [] });
    const loading = table.users.load(fresh);
    await expect(loading).rejects.toBeInstanceOf(NewerSchema);
    await expect(loading).rejects.toThrow(
      `${USER} CURRENT cannot be read: it has schema 2, and this version knows 1; deploy the later version`,
    );
  });

  test('is refused by the names of its wrong fields, and without their content', async () => {
    await table.users.save(fresh);
    const item = (await table.get(USER, 'CURRENT')) ?? {};
    await table.put({ ...item, keysSeenAt: 'yesterday', owner: { kind: 'robot' } });
    const loading = table.users.load(fresh);
    await expect(loading).rejects.toBeInstanceOf(UnreadableItem);
    await expect(loading).rejects.toThrow(`${USER} CURRENT cannot be read: owner.kind, keysSeenAt`);
  });

  test('is refused when it does not tell its schema', async () => {
    await table.put({ pk: USER, sk: 'CURRENT' });
    await expect(table.users.load(fresh)).rejects.toThrow('cannot be read: schema');
  });
});

describe('two writers', () => {
  test('of a user never saved: the second is refused', async () => {
    await table.users.save(fresh);
    await expect(table.users.save({ ...fresh, toldEntries: 1 })).rejects.toBeInstanceOf(ChangedMeanwhile);
  });

  test('of one version: the second is refused, and the first one’s write stands', async () => {
    const saved = await table.users.save(fresh);
    await table.users.save({ ...saved, toldEntries: 1 });
    await expect(table.users.save({ ...saved, toldEntries: 2 })).rejects.toBeInstanceOf(ChangedMeanwhile);
    expect(await table.users.load(fresh)).toMatchObject({ version: 2, toldEntries: 1 });
  });
});

describe('an answer lost on the way', () => {
  test('is recognised as our own write, and the user returned as written', async () => {
    table.loseNextAnswer();
    expect(await table.users.save(fresh)).toStrictEqual({ ...fresh, version: 1 });
    expect(table.wire.calls.map(({ action }) => action)).toEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  test('does not hide that somebody else has written since', async () => {
    const saved = await table.users.save(fresh);
    const other = await table.users.load(fresh);
    table.wire.interfere(async ({ action }) => {
      if (action !== 'PutItem') return undefined;
      table.wire.interfere(undefined);
      await table.users.save(other ?? fresh);
      return { kind: 'refuse', status: 500, code: 'InternalServerError' };
    });
    await expect(table.users.save(saved)).rejects.toBeInstanceOf(ChangedMeanwhile);
  });

  test('stays unknown when the table cannot be asked again', async () => {
    table.wire.interfere(() => ({ kind: 'refuse', status: 500, code: 'InternalServerError' }));
    const saving = table.users.save(fresh);
    await expect(saving).rejects.toBeInstanceOf(OutsideError);
    await expect(saving).rejects.toMatchObject({ outcome: 'unknown', operation: 'PutItem' });
  });
});
