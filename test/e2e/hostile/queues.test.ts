// Who may put anything into keyrotate's queues, and take it out: its own functions, whatever the account allows others.
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readQueues } from '../../sandbox/deployment/serverless-file.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { evaluate } from '../../sandbox/servers/aws/iam-policy.ts';

const QUEUES = readQueues();
const WORKING = QUEUES.filter(({ wakes }) => wakes);

let sandbox: Sandbox;
let administrator: SQSClient;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 'nobody' });
  administrator = clientOf('administrator');
});

afterEach(async () => {
  administrator.destroy();
  await sandbox.close();
});

function clientOf(role: string): SQSClient {
  return new SQSClient({
    region: sandbox.organisation.region,
    endpoint: sandbox.aws.wire.url,
    credentials: sandbox.aws.iam.session(role, 'somebody'),
    systemClockOffset: sandbox.clock.now() - Date.now(),
    maxAttempts: 1,
  });
}

const urlOf = (name: string) => `${sandbox.aws.wire.url}/${sandbox.organisation.account}/${name}`;
const held = (name: string) => sandbox.aws.sqs.state.queues.get(name)?.messages ?? [];
const answer = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: Error) => error.name,
  );

function forged(name: string, fifo: boolean): SendMessageCommand {
  const order = fifo ? { MessageGroupId: 'x', MessageDeduplicationId: 'x' } : {};
  return new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody: 'a forged press', ...order });
}

describe('an administrator of the account', () => {
  it.each(QUEUES)('can put nothing into $name, nor take anything out', async ({ name, fifo }) => {
    const QueueUrl = urlOf(name);
    expect(await answer(administrator.send(forged(name, fifo)))).toBe('AccessDeniedException');
    for (const command of [new ReceiveMessageCommand({ QueueUrl }), new PurgeQueueCommand({ QueueUrl })])
      expect(await answer(administrator.send(command as ReceiveMessageCommand))).toBe(
        'AccessDeniedException',
      );
    expect(held(name)).toEqual([]);
  });

  it('cannot put back what was given up', async () => {
    for (const { redrive } of WORKING) {
      const command = new StartMessageMoveTaskCommand({ SourceArn: redrive?.deadLetterArn });
      expect(await answer(administrator.send(command))).toBe('AccessDeniedException');
    }
  });

  it('can open a queue when Slack is dead, and close it again', async () => {
    const [{ name, fifo } = { name: '', fifo: true }] = WORKING;
    const QueueUrl = urlOf(name);
    const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] });
    const { Attributes = {} } = await administrator.send(ask);
    const set = (Policy = '') => new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } });
    await administrator.send(set());
    expect(await answer(administrator.send(forged(name, fifo)))).toBe('done');
    await administrator.send(set(Attributes.Policy));
    expect(await answer(administrator.send(forged(name, fifo)))).toBe('AccessDeniedException');
  });
});

describe('the queues’ policies', () => {
  const role = (name: string) => ({
    account: '111122223333',
    arn: `arn:aws:sts::111122223333:assumed-role/${name}/x`,
    principalArn: `arn:aws:iam::111122223333:role/${name}`,
    userId: 'AROA:x',
  });
  const identity = [{ Effect: 'Allow', Action: '*', Resource: '*' }] as const;

  it('let nobody in without TLS, not even a function', () => {
    for (const { arn: resource, policy: resourcePolicy } of QUEUES) {
      const asked = { caller: role('slack'), identity: [...identity], resource, resourcePolicy };
      const action = 'sqs:GetQueueAttributes';
      expect(evaluate({ ...asked, action, isPlain: true })).toBe('explicitDeny');
      expect(evaluate({ ...asked, action })).toBe('allow');
    }
  });

  it('leave their settings to whoever deploys', () => {
    for (const { arn: resource, policy: resourcePolicy } of QUEUES)
      for (const action of ['SetQueueAttributes', 'GetQueueAttributes', 'DeleteQueue', 'TagQueue'])
        expect(
          evaluate({
            ...{ caller: role('deployer'), identity: [...identity], resource, resourcePolicy },
            action: `sqs:${action}`,
          }),
        ).toBe('allow');
  });

  it('keep to what SQS takes: seven actions in a statement, ten conditions, 8192 bytes', () => {
    for (const { policy } of QUEUES) {
      const statements = policy?.Statement ?? [];
      expect(statements).toHaveLength(3);
      for (const { Action } of statements) expect([Action].flat().length).toBeLessThanOrEqual(7);
      const conditions = statements.flatMap(({ Condition = {} }) => Object.keys(Condition));
      expect(conditions.length).toBeLessThanOrEqual(10);
      expect(JSON.stringify(policy).length).toBeLessThan(8192);
    }
  });
});
