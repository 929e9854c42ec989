// From sender to receiver over the sandbox's SQS.
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { parseSweepJob, parseWorkerJob } from '../../../src/adapters/queue/job-schema.ts';
import { sqsJobs } from '../../../src/adapters/queue/sqs-jobs.ts';
import { sqsMessages } from '../../../src/adapters/queue/visibility.ts';
import type { InspectJob, SweepJob } from '../../../src/usecases/jobs.ts';
import { SECOND, sandboxClock } from '../../sandbox/clock.ts';
import { awsBackend } from '../../sandbox/servers/aws/backend.ts';
import { iamService } from '../../sandbox/servers/aws/iam.ts';
import { sqsService } from '../../sandbox/servers/aws/sqs.ts';
import { startWire } from '../../sandbox/servers/wire.ts';

const account = '111122223333';
const region = 'eu-central-1';
const look = (userName: string): InspectJob => ({
  kind: 'inspect',
  id: `tick/${userName}@1`,
  account,
  userName,
});

async function startQueues() {
  const clock = sandboxClock(new Date());
  const iam = iamService(clock, { account });
  iam.addRole('worker', [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
  const sqs = sqsService(clock, { account, region, endpoint: () => wire.url });
  const fifo = (name: string) => sqs.addQueue({ name, fifo: true, visibilityTimeoutSeconds: 360 });
  const [clicks, upkeep] = [fifo('keys-clicks.fifo'), fifo('keys-upkeep.fifo')];
  const sweeps = sqs.addQueue({ name: 'keys-sweeps', fifo: false, visibilityTimeoutSeconds: 1800 });
  const wire = await startWire(clock, awsBackend(clock, { iam, services: [sqs] }));
  onTestFinished(() => wire.close());
  const credentials = iam.session('worker', 'tests');
  const client = new SQSClient({ region, endpoint: wire.url, credentials, maxAttempts: 1 });
  const urls = { clicksUrl: clicks.url, upkeepUrl: upkeep.url, sweepsUrl: sweeps.url };
  return {
    upkeep,
    sweeps,
    jobs: sqsJobs({ client, ...urls }),
    messages: sqsMessages({ client, queueUrls: Object.values(urls) }),
    later(ms: number) {
      clock.advance(ms);
      client.config.systemClockOffset = clock.now() - Date.now();
    },
    async receive(QueueUrl: string) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      return (await client.send(command)).Messages ?? [];
    },
  };
}

test('a job put twice waits once, and one user’s does not hold up another’s', async () => {
  const { jobs, upkeep, receive } = await startQueues();
  await jobs.put('upkeep', [look('ci'), look('backup')]);
  await jobs.put('upkeep', [look('ci')]);
  const bodies = (await receive(upkeep.url)).map(({ Body = '' }) => parseWorkerJob(Body));
  expect(bodies).toEqual([look('ci'), look('backup')]);
});

test('a job put off comes back after as many seconds', async () => {
  const { jobs, messages, upkeep, receive, later } = await startQueues();
  await jobs.put('upkeep', [look('ci')]);
  const [message] = await receive(upkeep.url);
  await messages.postpone({ eventSourceARN: upkeep.arn, receiptHandle: message?.ReceiptHandle ?? '' }, 20);
  later(19 * SECOND);
  expect(await receive(upkeep.url)).toHaveLength(0);
  later(SECOND);
  expect(await receive(upkeep.url)).toHaveLength(1);
});

test('a sweep arrives in its own queue', async () => {
  const { jobs, sweeps, receive } = await startQueues();
  const sweep: SweepJob = { kind: 'sweep', id: 'sweep@1', account };
  await jobs.sweep([sweep]);
  const bodies = (await receive(sweeps.url)).map(({ Body = '' }) => parseSweepJob(Body));
  expect(bodies).toEqual([sweep]);
});
