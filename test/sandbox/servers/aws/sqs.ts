// Amazon SQS as the backend sees it: the table of actions, and which queue a call concerns.
import type { Clock } from '../../clock.ts';
import type { Queue, QueueSettings } from './queue.ts';
import type { Action, AwsService } from './service.ts';
import { movingTakes, SQS_ACTIONS } from './sqs-actions.ts';
import { addQueue, arnOf, nameIn, type SqsPlace, type SqsStore } from './sqs-store.ts';

export interface Sqs extends AwsService {
  /** For tests to look at, by name; calls go through `actions`. */
  state: { queues: Map<string, Queue> };
  /** A dead-letter queue has to be there first. `url` is read late: the endpoint may not be known yet. */
  addQueue(settings: QueueSettings): { readonly url: string; arn: string };
}

export function sqsService(clock: Clock, place: SqsPlace): Sqs {
  const queues = new Map<string, Queue>();
  const store: SqsStore = { clock, queues, place };
  return {
    name: 'sqs',
    protocol: 'json-1.0',
    actions: Object.fromEntries(
      Object.entries(SQS_ACTIONS).map(([name, act]): [string, Action] => [
        name,
        (input, caller) => act(input, store, caller),
      ]),
    ),
    state: { queues },
    addQueue: (settings) => addQueue(store, settings),
    resource({ input }) {
      if (typeof input.SourceArn === 'string') return input.SourceArn;
      const name = typeof input.QueueUrl === 'string' ? nameIn(place, input.QueueUrl) : undefined;
      return name === undefined ? undefined : arnOf(place, name);
    },
    alsoTakes: (call) => (call.action === 'StartMessageMoveTask' ? movingTakes(store, call.input) : []),
    resourcePolicy: (resource) => queues.get(resource.split(':').at(-1) ?? '')?.settings.policy,
  };
}
