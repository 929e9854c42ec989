// The record of an IAM user comes back as it was saved, and no write is lost under another.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { NewerSchema, UnreadableItem } from '../../../src/adapters/store/item.ts';
import { dynamoUsers } from '../../../src/adapters/store/users.ts';
import { drawingFor } from '../../../src/domain/wanted.ts';
import { ChangedMeanwhile, OutsideError } from '../../../src/usecases/errors.ts';
import { CARD, NOW, POLICY, userAt } from '../../domain/given.ts';
import { anyReader, anyUser } from './any-user.ts';
import { startTable } from './table-under-test.ts';

type Table = Awaited<ReturnType<typeof startTable>>;

const USER = 'USER#111122223333#ci-deploy';
const fresh = userAt('due', { version: 0 });
let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const callsOf = (action: string) => table.wire.calls.filter((call) => call.action === action);

describe('a saved user', () => {
  test('loads as it was saved, at any stage and in any state', async () => {
    const { users } = table;
    await fc.assert(
      fc.asyncProperty(anyUser, async (user) => {
        fc.pre((await users.load(user)) === undefined);
        expect(await users.save(user)).toStrictEqual({ ...user, version: 1 });
        expect(await users.load(user)).toStrictEqual({ ...user, version: 1 });
      }),
    );
  });

  test('has the drawings that it had before', async () => {
    const { users } = table;
    await fc.assert(
      fc.asyncProperty(anyUser, anyReader, async (user, reader) => {
        fc.pre((await users.load(user)) === undefined);
        const loaded = await users.load(await users.save(user));
        expect(loaded && drawingFor(reader, loaded, POLICY, NOW)).toBe(drawingFor(reader, user, POLICY, NOW));
      }),
    );
  });

  test('is read consistently', async () => {
    await table.users.load(fresh);
    expect(callsOf('GetItem')[0]?.input).toMatchObject({ ConsistentRead: true });
  });

  test('is absent before it is saved', async () => {
    expect(await table.users.load(fresh)).toBeUndefined();
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

  test('keeps what a later version wrote beside the fields known here, at any depth', async () => {
    const { users } = table;
    await users.save(fresh);
    const item = (await table.get(USER, 'CURRENT')) ?? {};
    const messages = [{ ...CARD, thread: '2' }];
    await table.put({ ...item, messages, delegates: ['U0BEA'] });
    const loaded = await users.load(fresh);
    await users.save({ ...(loaded ?? fresh), toldEntries: 1 });
    expect(await table.get(USER, 'CURRENT')).toMatchObject({
      version: 2,
      toldEntries: 1,
      messages,
      delegates: ['U0BEA'],
    });
  });

  test('shows nothing of how it is stored', async () => {
    await table.users.save(fresh);
    expect(Object.keys((await table.users.load(fresh)) ?? {}).toSorted()).toEqual(
      Object.keys(fresh).toSorted(),
    );
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

  test('one after the other: both succeed', async () => {
    const first = await table.users.save(fresh);
    expect(await table.users.save(first)).toMatchObject({ version: 2 });
  });
});

describe('an answer lost on the way', () => {
  test('is recognised as our own write, and the user returned as written', async () => {
    const { users, wire } = table;
    wire.interfere(() => (callsOf('PutItem').length === 1 ? { kind: 'lose' } : undefined));
    expect(await users.save(fresh)).toStrictEqual({ ...fresh, version: 1 });
    expect(wire.calls.map(({ action }) => action)).toEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  test('does not hide that somebody else has written since', async () => {
    const { users, wire } = table;
    const saved = await users.save(fresh);
    const other = await table.users.load(fresh);
    wire.interfere(async ({ action }) => {
      if (action !== 'PutItem') return undefined;
      wire.interfere(undefined);
      await table.users.save(other ?? fresh);
      return { kind: 'refuse', status: 500, code: 'InternalServerError' };
    });
    await expect(users.save(saved)).rejects.toBeInstanceOf(ChangedMeanwhile);
  });

  test('stays unknown when the table cannot be asked again', async () => {
    table.wire.interfere(() => ({ kind: 'refuse', status: 500, code: 'InternalServerError' }));
    const saving = table.users.save(fresh);
    await expect(saving).rejects.toBeInstanceOf(OutsideError);
    await expect(saving).rejects.toMatchObject({ outcome: 'unknown', operation: 'PutItem' });
  });
});

describe('the write itself', () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
  const dynamo = mockClient(client);
  const users = dynamoUsers({
    client,
    table: 'keys',
    policy: () => POLICY,
    now: () => NOW,
    log: { info() {}, warn() {}, error() {} },
  });

  beforeEach(() => {
    dynamo.reset();
    dynamo.on(PutCommand).resolves({});
    dynamo.on(GetCommand).resolves({});
  });

  test('of a user never saved wants no item to be there', async () => {
    await users.save(fresh);
    const [first] = dynamo.commandCalls(PutCommand);
    expect(first?.args[0].input).toMatchObject({
      TableName: 'keys',
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect(first?.args[0].input).not.toHaveProperty('ExpressionAttributeValues');
  });

  test('of a loaded user wants the version that was loaded', async () => {
    await users.save(userAt('due', { version: 7 }));
    expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input).toMatchObject({
      Item: { version: 8 },
      ConditionExpression: '#version = :loaded',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':loaded': 7 },
    });
  });

  test('bears a mark of its own each time', async () => {
    await users.save(fresh);
    await users.save(fresh);
    const marks = dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.writeId);
    expect(new Set(marks).size).toBe(2);
  });
});
