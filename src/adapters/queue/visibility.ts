// Messages as a handler holds them: one whose job must wait comes back sooner or later than its queue's own pace.
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { calling } from '../sdk-error.ts';

export interface HeldMessage {
  eventSourceARN: string;
  receiptHandle: string;
}

export interface Messages {
  /** The message shows up again after so many seconds. */
  postpone(message: HeldMessage, seconds: number): Promise<void>;
}

/** SQS hides no message for longer. */
const TWELVE_HOURS = 12 * 60 * 60;

export function sqsMessages({ client, queueUrls }: { client: SQSClient; queueUrls: string[] }): Messages {
  return {
    async postpone({ eventSourceARN, receiptHandle }, seconds) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: urlOf(eventSourceARN, queueUrls),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(Math.max(0, Math.ceil(seconds)), TWELVE_HOURS),
      });
      await calling('ChangeMessageVisibility', client.send(command));
    },
  };
}

/** ARN and URL of a queue both end in its name. */
function urlOf(arn: string, queueUrls: string[]): string {
  const name = arn.split(':').at(-1);
  const url = queueUrls.find((each) => each.split('/').at(-1) === name);
  if (url === undefined) throw new Error(`none of the configured queues is called ${name}`);
  return url;
}
