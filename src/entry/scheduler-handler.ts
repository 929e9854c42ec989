// The scheduler: what the schedules wake, to queue whatever has come due.
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { runTask } from '../usecases/night/schedule.ts';
import { logFor } from './compose.ts';
import { composeBase } from './compose-base.ts';
import { readConfig } from './config.ts';
import { remembered } from './remembered.ts';
import { tellThroughWorker } from './tell-settings.ts';

const Event = z.object({
  task: z.enum(['tick', 'sweep', 'summary', 'check']),
  at: z.optional(z.string().check(z.maxLength(40))),
});

const composed = remembered(Number.POSITIVE_INFINITY, async () => {
  const config = readConfig();
  return { config, ports: composeBase(config, logFor(config)) };
});

/** Throws for an event that is no task: the schedule's own dead letters and alarms tell. */
export async function handler(event: unknown, context: Context): Promise<void> {
  const { task, at } = Event.parse(event);
  const { config, ports } = await composed.get().catch(tellThroughWorker);
  await runTask(task, { ...ports, log: logFor(config, context.awsRequestId) }, at);
}
