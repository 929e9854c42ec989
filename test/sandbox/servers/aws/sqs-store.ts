// The queues of one account and region, and how a call names one.
import type { Clock } from '../../clock.ts';
import { openQueue, type Queue, type QueueSettings } from './queue.ts';
import { AwsError } from './service.ts';
import { text } from './sqs-parameters.ts';

export interface SqsPlace {
  account: string;
  region: string;
  /** The origin of queue URLs: the wire's, so that clients which follow the URL stay on loopback. */
  endpoint?: () => string;
}

export interface SqsStore {
  clock: Clock;
  queues: Map<string, Queue>;
  place: SqsPlace;
}

export function addQueue(store: SqsStore, settings: QueueSettings): { readonly url: string; arn: string } {
  const { name, fifo, redrive } = settings;
  if (fifo !== name.endsWith('.fifo')) throw new Error(`${name}: exactly FIFO queues are named ….fifo`);
  const deadLetters = redrive && store.queues.get(redrive.deadLetterQueueName);
  // "Using dead-letter queues": the dead-letter queue of a FIFO queue is FIFO, that of a standard queue is standard.
  if (redrive && deadLetters?.settings.fifo !== fifo)
    throw new Error(
      `${name}: there is no dead-letter queue of its kind called ${redrive.deadLetterQueueName}`,
    );
  const arn = arnOf(store.place, name);
  store.queues.set(name, openQueue(store.clock, arn, settings, deadLetters));
  return {
    arn,
    get url() {
      return urlOf(store.place, name);
    },
  };
}

/** A queue's URL is its host, the account and the name; which host does not matter here. */
export function theQueue({ queues, place }: SqsStore, input: Record<string, unknown>): Queue {
  const name = nameIn(place, text(input, 'QueueUrl'));
  const queue = name === undefined ? undefined : queues.get(name);
  if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}

export function nameIn({ account }: SqsPlace, url: string): string | undefined {
  const path = URL.canParse(url) ? new URL(url).pathname.split('/') : [];
  return path[1] === account ? path[2] : undefined;
}

function urlOf({ account, region, endpoint }: SqsPlace, name: string): string {
  return `${endpoint?.() ?? `https://sqs.${region}.amazonaws.com`}/${account}/${name}`;
}

export function arnOf({ account, region }: SqsPlace, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
