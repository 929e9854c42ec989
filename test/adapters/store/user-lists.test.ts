// Who is found by owner, by account and by when something comes due; each function reads in its own role.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { dynamoUsers } from '../../../src/adapters/store/users.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { isOpen, type Rotation } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { STAGES, type Stage } from '../../../src/domain/transitions.ts';
import { NOW, POLICY, rotationAt, userAt } from '../../domain/given.ts';
import { ACCOUNT, all, startTable, type Table } from './table-under-test.ts';

let table: Table;

beforeEach(async () => {
  table = await startTable();
});

const FAR = NOW + 1000 * DAY;
const named = (userName: string, changes: Partial<IamUser> = {}, stage: Stage = 'due') =>
  userAt(stage, { userName, version: 0, ...changes });
/** One that is over has nothing left to be done. */
function filed(stage: Stage): Rotation {
  const rotation = rotationAt(stage);
  return isOpen(rotation) ? rotation : { ...rotation, isFiled: true };
}
const names = (users: { userName: string }[]) => users.map(({ userName }) => userName);

describe('the lists a user is found by', () => {
  test.each(STAGES)('follow the stage: %s', async (stage) => {
    const saved = await table.users.save(userAt(stage, { version: 0, rotation: filed(stage), messages: [] }));
    const listed = isOpen(rotationAt(stage)) ? [saved] : [];
    expect(await table.usersAs('worker').ownedBy('U0ANA')).toEqual(listed);
    expect(await all(table.usersAs('sweeper').listed(ACCOUNT))).toEqual(listed);
    expect(names(await all(table.usersAs('scheduler').dueBy(FAR)))).toEqual(names(listed));
  });

  test('lose a user whose rotation has ended', async () => {
    const saved = await table.users.save(named('ci'));
    const { rotation: _, ...rest } = saved;
    await table.users.save(rest);
    expect(await table.users.ownedBy('U0ANA')).toEqual([]);
    expect(await all(table.users.listed(ACCOUNT))).toEqual([]);
    expect(await table.users.load(saved)).toStrictEqual({ ...rest, version: 2 });
  });

  test('follow the owner', async () => {
    const saved = await table.users.save(named('ci'));
    const moved = await table.users.save({
      ...saved,
      owner: { kind: 'person', slackId: 'U0BEA', from: 'mailTag' },
    });
    expect(names(await table.users.ownedBy('U0ANA'))).toEqual([]);
    expect(names(await table.users.ownedBy('U0BEA'))).toEqual(['ci']);
    await table.users.save({ ...moved, owner: { kind: 'nobody', why: 'none', named: [] } });
    expect(await table.users.ownedBy('U0BEA')).toEqual([]);
    expect(names(await all(table.users.listed(ACCOUNT)))).toEqual(['ci']);
  });

  test('have a user whose owner is in doubt between rotations, until an admin decides', async () => {
    const to = { kind: 'person', slackId: 'U0BEA', from: 'ownerTag' } as const;
    const saved = await table.users.save(named('ci', { ownerChange: { to, at: NOW } }, 'deleted'));
    expect(names(await all(table.usersAs('sweeper').listed(ACCOUNT)))).toEqual(['ci']);
    expect(names(await table.users.ownedBy('U0ANA'))).toEqual(['ci']);
    const { ownerChange: _, ...decided } = saved;
    await table.users.save(decided);
    expect(await all(table.users.listed(ACCOUNT))).toEqual([]);
  });

  test('have a user that opted out, with or without a rotation, to notice when it no longer does', async () => {
    const exempt = { kind: 'until', until: NOW + DAY, why: 'the vendor' } as const;
    const { rotation: _, ...idle } = named('idle', { exempt });
    const saved = await table.users.save(idle);
    await table.users.save(named('unclear', { exempt: { kind: 'unclear', text: 'for ever' } }, 'deleted'));
    const listed = () => all(table.usersAs('sweeper').listed(ACCOUNT));
    expect(names(await listed()).toSorted()).toEqual(['idle', 'unclear']);
    const { exempt: __, ...over } = saved;
    await table.users.save(over);
    expect(names(await listed())).toEqual(['unclear']);
  });

  test('have whom an admin linked it to, a channel too, also while nothing is due', async () => {
    const to = { kind: 'channel', channelId: 'C0TEAM' } as const;
    const link = { to, by: 'U0SAM', at: NOW };
    const { rotation: _, ...idle } = named('idle', { owner: to, link });
    await table.users.save(idle);
    await table.users.save(named('open', { owner: to, link }));
    const owned = await table.usersAs('worker').ownedBy('C0TEAM');
    expect(names(owned).toSorted()).toEqual(['idle', 'open']);
    expect(names(await all(table.usersAs('sweeper').listed(ACCOUNT)))).toEqual(['open']);
  });

  test('keep the accounts apart', async () => {
    await table.users.save(named('ci', { account: '444455556666' }));
    await table.users.save(named('ci'));
    expect((await all(table.users.listed('444455556666'))).map(({ account }) => account)).toEqual([
      '444455556666',
    ]);
  });

  test('stay without copies of closed rotations', async () => {
    await table.users.file(userAt('deleted', { account: ACCOUNT, userName: 'ci' }), rotationAt('deleted'));
    expect(await all(table.users.listed(ACCOUNT))).toEqual([]);
    expect(await all(table.usersAs('scheduler').dueBy(FAR))).toEqual([]);
  });
});

describe('what has come due', () => {
  test('comes the longest waiting first, up to now', async () => {
    const claimedUntil = (leaseUntil: number): Partial<IamUser> => ({
      claim: {
        jobId: 'job',
        move: 'createKey',
        actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
        at: NOW,
        leaseUntil,
        knownKeyIds: [],
      },
    });
    await table.users.save(named('second', claimedUntil(NOW - 10)));
    await table.users.save(named('later', claimedUntil(NOW + 1)));
    await table.users.save(named('first', claimedUntil(NOW - 20)));
    await table.users.save(named('now', claimedUntil(NOW)));
    const keyCreatedAt = rotationAt('due').oldKeyCreatedAt;
    expect(await all(table.usersAs('scheduler').dueBy(NOW))).toEqual([
      { account: ACCOUNT, userName: 'first', nextAt: NOW - 20, keyCreatedAt },
      { account: ACCOUNT, userName: 'second', nextAt: NOW - 10, keyCreatedAt },
      { account: ACCOUNT, userName: 'now', nextAt: NOW, keyCreatedAt },
    ]);
  });

  test('is nothing in preview, where owners hear nothing', async () => {
    const { users, usersAs } = await startTable({ policy: { ...POLICY, mode: 'preview' } });
    await users.save(named('ci'));
    expect(await all(usersAs('scheduler').dueBy(FAR))).toEqual([]);
    expect(names(await all(users.listed(ACCOUNT)))).toEqual(['ci']);
  });
});

describe('an item that cannot be read', () => {
  const listed = { listedIn: `open#${ACCOUNT}`, ownerId: 'U0ANA', dueIn: 'due', nextAt: 1 };
  const broken = { pk: `USER#${ACCOUNT}#broken`, sk: 'CURRENT', schema: 1, userName: 'hunter2', ...listed };
  const newer = { pk: `USER#${ACCOUNT}#newer`, sk: 'CURRENT', schema: 2, ...listed };

  test('is passed over, counted, and named by its key alone', async () => {
    await table.put(broken);
    await table.put(newer);
    await table.users.save(named('sound'));
    expect(names(await all(table.users.listed(ACCOUNT)))).toEqual(['sound']);
    expect(table.logged).toEqual([
      {
        event: 'store.itemSkipped',
        facts: { account: ACCOUNT, userName: 'broken', code: 'UnreadableItem', count: 1 },
      },
      {
        event: 'store.itemSkipped',
        facts: { account: ACCOUNT, userName: 'newer', code: 'NewerSchema', count: 2 },
      },
    ]);
    expect(names(await table.users.ownedBy('U0ANA'))).toEqual(['sound']);
  });

  test('still comes due, so that the worker says aloud what is wrong with it', async () => {
    await table.put(broken);
    expect(names(await all(table.usersAs('scheduler').dueBy(NOW)))).toEqual(['broken']);
    expect(table.logged).toEqual([]);
  });

  test('of a later version does not come due: each tick would queue it anew', async () => {
    await table.put(newer);
    expect(await all(table.usersAs('scheduler').dueBy(NOW))).toEqual([]);
    const facts = { account: ACCOUNT, userName: 'newer', code: 'NewerSchema', count: 1 };
    expect(table.logged).toEqual([{ event: 'store.itemSkipped', facts }]);
  });

  test('does not stop the tick when even its key is wrong', async () => {
    await table.put({ ...broken, pk: 'USER' });
    await table.users.save(named('sound'));
    expect(names(await all(table.usersAs('scheduler').dueBy(NOW)))).toEqual(['sound']);
    expect(table.logged).toEqual([
      { event: 'store.itemSkipped', facts: { code: 'UnreadableItem', count: 1 } },
    ]);
  });
});

describe('a long list', () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
  const dynamo = mockClient(client);
  const users = dynamoUsers({
    client,
    table: 'keys',
    policy: () => POLICY,
    now: () => NOW,
    log: { info() {}, warn() {}, error() {} },
  });
  const due = (userName: string) => ({ pk: `USER#${ACCOUNT}#${userName}`, sk: 'CURRENT', nextAt: 1 });

  test('is read page by page, and no further than it is asked for', async () => {
    const LastEvaluatedKey = { pk: 'b' };
    dynamo.reset();
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [due('a'), due('b')], LastEvaluatedKey })
      .resolvesOnce({ Items: [], LastEvaluatedKey })
      .resolvesOnce({ Items: [due('c')], LastEvaluatedKey })
      .rejects(new Error('nobody asked'));
    const seen: string[] = [];
    for await (const { userName } of users.dueBy(NOW)) {
      seen.push(userName);
      if (userName === 'c') break;
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      LastEvaluatedKey,
      LastEvaluatedKey,
    ]);
    expect(inputs[0]).toEqual({
      TableName: 'keys',
      IndexName: 'byNextAt',
      KeyConditionExpression: 'dueIn = :due AND nextAt <= :now',
      ExpressionAttributeValues: { ':due': 'due', ':now': NOW },
      ProjectionExpression: 'pk, sk, #schema, nextAt, rotation.oldKeyCreatedAt',
      ExpressionAttributeNames: { '#schema': 'schema' },
    });
  });

  test('that DynamoDB does not give is the outside’s error', async () => {
    dynamo.reset();
    dynamo.on(QueryCommand).rejects(new Error('socket hang up'));
    await expect(users.ownedBy('U0ANA')).rejects.toMatchObject({ name: 'OutsideError', operation: 'Query' });
  });
});
