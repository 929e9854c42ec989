// What Lambda takes from the queues at once: for each of its containers a lane.
import { type FunctionName, readQueues } from '../sandbox/deployment/serverless-file.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type Delivery, delivery } from '../sandbox/servers/aws/event-source.ts';

export interface Lane {
  queueName: string;
  delivery: Delivery;
}

/** Where serverless.yml sets no bound: what a new account's ten containers leave for presses. */
const FOR_PRESSES = 3;

/** @param start a container of its own for one lane; what it hands out is called for each event. */
export function openLanes(
  { clock, aws }: Sandbox,
  start: (name: FunctionName) => (event: unknown) => Promise<unknown>,
): Lane[] {
  return readQueues().flatMap(({ name: queueName, wakes }) => {
    if (!wakes) return [];
    const { function: name, batchSize, maximumConcurrency = FOR_PRESSES } = wakes;
    return Array.from({ length: Number(maximumConcurrency) }, (): Lane => {
      const invoke = start(name);
      return { queueName, delivery: delivery(clock, aws.sqs, [{ queueName, batchSize, invoke }]) };
    });
  });
}

/** What the functions threw, or left to nobody: then nothing that was measured counts. */
export function refuseFailures({ aws }: Sandbox, lanes: readonly Lane[]): void {
  const thrown = lanes.flatMap((lane) => lane.delivery.thrown);
  if (thrown.length > 0) throw new Error('a function threw', { cause: thrown[0]?.error });
  for (const { settings, messages } of aws.sqs.state.queues.values())
    if (!settings.redrive && messages.length > 0)
      throw new Error(`${messages.length} jobs were given up: ${messages[0]?.body}`);
}
