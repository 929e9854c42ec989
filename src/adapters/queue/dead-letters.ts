// What was given up: how many jobs, and back to where they came from. For the worker alone.
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';

export interface DeadLettersOptions {
  client: SQSClient;
  deadLetterUrls: readonly string[];
  /** Of what the schedules set off in vain. It is no queue's, so that SQS puts nothing back from there. */
  scheduledDeadUrl: string;
}

/** SQS documents none of its own for a queue from which messages are being moved; it was seen to answer the first. */
const RUNS_ALREADY = ['InvalidParameterValue', 'UnsupportedOperation'];
/** PurgeQueue: once in 60 seconds. */
const PURGED_JUST_NOW = ['PurgeQueueInProgress'];

export function sqsDeadLetters({
  client,
  deadLetterUrls,
  scheduledDeadUrl,
}: DeadLettersOptions): DeadLetters {
  async function messagesIn(QueueUrl: string): Promise<{ count: number; arn: string | undefined }> {
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'QueueArn'],
    });
    const { Attributes } = await calling('GetQueueAttributes', client.send(command));
    return { count: Number(Attributes?.ApproximateNumberOfMessages ?? 0), arn: Attributes?.QueueArn };
  }

  /** Whether it was started; one that runs already is not started again. */
  async function startMoving(SourceArn: string | undefined): Promise<boolean> {
    const command = new StartMessageMoveTaskCommand({ SourceArn });
    const answer = await callingUnless(RUNS_ALREADY, 'StartMessageMoveTask', client.send(command));
    return answer !== undefined;
  }

  return {
    async count() {
      const all = await Promise.all([...deadLetterUrls, scheduledDeadUrl].map(messagesIn));
      return all.reduce((sum, { count }) => sum + count, 0);
    },
    async redrive() {
      const redriven = { started: 0, underWay: 0, letGo: 0 };
      for (const url of deadLetterUrls) {
        const { count, arn } = await messagesIn(url);
        if (count > 0) redriven[(await startMoving(arn)) ? 'started' : 'underWay'] += count;
      }
      redriven.letGo = (await messagesIn(scheduledDeadUrl)).count;
      const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: scheduledDeadUrl }));
      if (redriven.letGo > 0) await callingUnless(PURGED_JUST_NOW, 'PurgeQueue', purge());
      return redriven;
    },
  };
}
