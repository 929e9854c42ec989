// The table of serverless.yml on loopback, opened in the role of any function: nobody can do here what AWS would refuse.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import { everyRotation } from '../../../src/adapters/store/every-rotation.ts';
import { dynamoRecords } from '../../../src/adapters/store/records.ts';
import { listedPeople, storedPeople } from '../../../src/adapters/store/stored-people.ts';
import { dynamoTable } from '../../../src/adapters/store/table.ts';
import { dynamoUsers } from '../../../src/adapters/store/users.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { Log, LogFacts } from '../../../src/usecases/ports.ts';
import { NOW, POLICY } from '../../domain/given.ts';
import { sandboxClock } from '../../sandbox/clock.ts';
import { type FunctionName, readRolePolicies, readTable } from '../../sandbox/deployment/serverless-file.ts';
import { awsBackend } from '../../sandbox/servers/aws/backend.ts';
import { startDynamo } from '../../sandbox/servers/aws/dynamodb.ts';
import { iamService } from '../../sandbox/servers/aws/iam.ts';
import { startWire } from '../../sandbox/servers/wire.ts';

export const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

type Item = Record<string, unknown>;

interface Rules {
  policy?: Policy;
  /** Another clock than the servers', which stands still. */
  now?: () => number;
}

export async function startTable({ policy = POLICY, now }: Rules = {}) {
  const clock = sandboxClock(new Date(NOW));
  const dynamo = await startDynamo();
  const definition = readTable();
  await dynamo.createTable(definition);
  const table = definition.TableName ?? '';
  const iam = iamService(clock, { account: ACCOUNT });
  for (const [name, statements] of Object.entries(readRolePolicies('live'))) iam.addRole(name, statements);
  iam.addRole('exporter', [{ Effect: 'Allow', Action: 'dynamodb:Scan', Resource: '*' }]);
  const wire = await startWire(clock, awsBackend(clock, { iam, forward: { dynamodb: dynamo.forward } }));
  const logged: { event: string; facts: LogFacts | undefined }[] = [];
  const note = (event: string, facts?: LogFacts) => logged.push({ event, facts });
  const log: Log = { info: note, warn: note, error: note };

  onTestFinished(async () => {
    await wire.close();
    await dynamo.close();
  });

  function clientAs(role: FunctionName | 'exporter'): DynamoDBDocumentClient {
    const client = new DynamoDBClient({
      endpoint: wire.url,
      region: REGION,
      credentials: iam.session(role, 'tests'),
      maxAttempts: 2,
      systemClockOffset: clock.now() - Date.now(),
    });
    return DynamoDBDocumentClient.from(client);
  }

  const raw = clientAs('worker');
  const usersAs = (role: FunctionName) =>
    dynamoUsers({ client: clientAs(role), table, policy: () => policy, now: now ?? clock.now, log });

  return {
    wire,
    logged,
    usersAs,
    users: usersAs('worker'),
    records: dynamoRecords({ client: raw, table, log }),
    people: storedPeople(dynamoTable(raw, table), now ?? clock.now),
    peopleAs: (role: FunctionName) => listedPeople(dynamoTable(clientAs(role), table), log, now ?? clock.now),
    everyRotation: () => everyRotation(clientAs('exporter'), table, log),
    recordsIn: (...shardCounts: number[]) => dynamoRecords({ client: raw, table, log, shardCounts }),
    /** The next item is written, and the answer to that does not come. */
    loseNextAnswer() {
      wire.interfere(({ action }) => {
        if (action !== 'PutItem') return undefined;
        wire.interfere(undefined);
        return { kind: 'lose' };
      });
    },
    async put(item: Item): Promise<void> {
      await raw.send(new PutCommand({ TableName: table, Item: item }));
    },
    async get(pk: string, sk: string): Promise<Item | undefined> {
      return (await raw.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item;
    },
  };
}

export type Table = Awaited<ReturnType<typeof startTable>>;

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
