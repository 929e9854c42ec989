// What was given up: how many jobs, and back to where they came from. For the worker alone.
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  PurgeQueueCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Instant } from '../../domain/time.ts';
import { ifRefused } from '../../usecases/errors.ts';
import type { DeadLetters, Redriven } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';

export interface DeadLettersOptions {
  client: SQSClient;
  deadLetterUrls: readonly string[];
  /** Of what the schedules set off in vain. It is no queue's, so that SQS puts nothing back from there. */
  scheduledDeadUrl: string;
}

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

  /** SQS remembers the last ten. */
  async function movesFrom(SourceArn: string | undefined): Promise<ListMessageMoveTasksResultEntry[]> {
    const command = new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 });
    return (await calling('ListMessageMoveTasks', client.send(command))).Results ?? [];
  }

  /** One that runs is not started again. What an earlier delivery of the order started is told with the rest. */
  async function putBack(url: string, askedAt: Instant, redriven: Redriven): Promise<void> {
    const { count, arn } = await messagesIn(url);
    const moves = await movesFrom(arn);
    const running = moves.find(({ Status }) => Status === 'RUNNING');
    for (const move of moves) {
      if ((move.StartedTimestamp ?? 0) >= askedAt) redriven.started += numberIn(move);
      else if (move === running) redriven.underWay += numberIn(move);
    }
    if (running || count === 0) return;
    const start = client.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
    await ifRefused(
      calling('StartMessageMoveTask', start).then(() => {
        redriven.started += count;
      }),
      ({ code }) => {
        redriven.refused = { count: count + (redriven.refused?.count ?? 0), code };
      },
    );
  }

  return {
    async count() {
      const all = await Promise.all([...deadLetterUrls, scheduledDeadUrl].map(messagesIn));
      return all.reduce((sum, { count }) => sum + count, 0);
    },
    async redrive(askedAt) {
      const redriven: Redriven = { started: 0, underWay: 0, letGo: 0 };
      for (const url of deadLetterUrls) await putBack(url, askedAt, redriven);
      redriven.letGo = (await messagesIn(scheduledDeadUrl)).count;
      const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: scheduledDeadUrl }));
      if (redriven.letGo > 0) await callingUnless(PURGED_JUST_NOW, 'PurgeQueue', purge());
      return redriven;
    },
  };
}

/** How many it is to move, as far as SQS says; of one that is over, how many it has moved. */
function numberIn(move: ListMessageMoveTasksResultEntry): number {
  const {
    Status,
    ApproximateNumberOfMessagesToMove: all,
    ApproximateNumberOfMessagesMoved: moved = 0,
  } = move;
  return Status === 'RUNNING' ? (all ?? moved) : moved;
}
