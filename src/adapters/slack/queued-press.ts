// What stands on the clicks queue, verified once more: whoever may send to that queue is not Slack.
import * as z from 'zod/mini';
import { OutsideError } from '../../usecases/errors.ts';
import type { SlackJob } from '../../usecases/jobs.ts';
import type { Log } from '../../usecases/ports.ts';
import { UnreadableJob } from '../unreadable-job.ts';
import { readAsked } from './asked/asked.ts';
import type { Accounts } from './asked/parse-command.ts';
import { saying } from './blocks/parts.ts';
import { isResponseUrl, respond } from './private-answers.ts';
import { readRequest, VERSION } from './queued-request.ts';
import {
  isForUs,
  isFromSlack,
  type Recipient,
  readPayload,
  type SigningSecrets,
  signedAt,
} from './slack-request.ts';
import { PRESS_AGAIN } from './wording/commands/commands.ts';

export interface QueuedPressOptions extends Recipient {
  signingSecrets: SigningSecrets;
  /** Those that are watched. */
  among: Accounts;
  now(): number;
  log: Log;
  /** Another server in Slack's place. */
  responseUrlBase?: string | undefined;
}

/** Who put it there, as SQS says it. */
interface Sent {
  messageId: string;
  sender: string;
}

/**
 * Seconds: longer than the queue, its dead letters and the queue once more keep anything. Whether it is fresh was asked
 * at the door; this bounds what somebody could do who has kept a request.
 */
const MAX_AGE = 30 * 24 * 60 * 60;

/**
 * The job that Slack's request asks for; undefined for what is not from Slack, or not for this app and workspace: that
 * is logged, and nothing comes of it. Throws UnreadableJob for what another version queued, and OutsideError when
 * Slack's secrets cannot be read.
 */
export async function readQueuedPress(
  body: string,
  sent: Sent,
  options: QueuedPressOptions,
): Promise<SlackJob | undefined> {
  const { signingSecrets, now, log, among } = options;
  const turnedAway = (code: string): undefined => {
    log.error('press.turnedAway', { jobId: sent.messageId, sender: sent.sender, code });
  };
  const message = parsedJson(body);
  const { v } = Versioned.safeParse(message).data ?? {};
  if (v !== undefined && v > VERSION)
    throw new UnreadableJob(`it has version ${v}, and this version knows ${VERSION}`);
  const earlier = Earlier.safeParse(message).data;
  if (earlier) {
    turnedAway('earlier_version');
    return tellToPressAgain(earlier.place.responseUrl, options);
  }
  const request = readRequest(message);
  if (!request || !(await isFromSlack(request, signingSecrets, now, MAX_AGE)))
    return turnedAway('not_signed');
  const payload = readPayload(request);
  if (!payload || !isForUs(payload, options)) return turnedAway('foreign');
  const asked = readAsked(payload, { among, at: signedAt(request) });
  if (asked.kind !== 'job')
    throw new UnreadableJob('what Slack signed asks for nothing that this version does');
  return asked.job;
}

const Versioned = z.object({ v: z.number() });

/** A job that an earlier version of the slack function queued: nobody signed it. */
const Earlier = z.object({
  v: z.literal(1),
  kind: z.enum(['click', 'command', 'show']),
  place: z.object({ responseUrl: z.optional(z.string()) }),
});

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only through the press's own address, which shows the answer to whoever pressed: the job may name anybody. */
async function tellToPressAgain(
  url: string | undefined,
  { log, responseUrlBase }: QueuedPressOptions,
): Promise<undefined> {
  if (!isResponseUrl(url, responseUrlBase)) return;
  try {
    await respond(url, saying(PRESS_AGAIN));
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    log.warn('slack.notTold', { error });
  }
}
