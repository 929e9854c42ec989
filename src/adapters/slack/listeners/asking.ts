// What a listener has of a request, and how it goes to the worker: accepted once it is queued.
import type { SlackJob } from '../../../usecases/jobs.ts';
import type { Log } from '../../../usecases/ports.ts';
import { type Asked, readAsked } from '../asked/asked.ts';
import type { Accounts } from '../asked/parse-command.ts';
import { type SlackRequest, signedAt } from '../slack-request.ts';

export interface AskedPorts extends Accounts {
  /** Puts the request on the clicks queue, in order with others of its job's kind. Throws OutsideError. */
  queue(request: SlackRequest, job: SlackJob): Promise<void>;
  log: Log;
}

/** What Bolt hands on beside the payload. */
export interface RequestContext {
  slackRequest?: SlackRequest;
  [more: string]: unknown;
}

/** What a payload asks for, and the request that it stands in, as Slack signed it. */
export function asking(
  body: object,
  { slackRequest: request }: RequestContext,
  among: Accounts,
): { asked: Asked; request: SlackRequest } {
  if (!request) throw new Error('the request was not handed on');
  return { asked: readAsked({ ...body }, { among, at: signedAt(request) }), request };
}

export async function queuePress(request: SlackRequest, job: SlackJob, ports: AskedPorts): Promise<void> {
  await ports.queue(request, job);
  ports.log.info('press.accepted', { jobId: job.id, jobKind: job.kind, personId: job.personId });
}
