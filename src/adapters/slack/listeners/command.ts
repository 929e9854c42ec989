// /keyrotate: one's own status is answered at once, from the table and as far as Slack is quick; the rest is queued.
import type { Middleware, SlackCommandMiddlewareArgs, SlashCommand } from '@slack/bolt';
import type { ChannelPorts } from '../../../usecases/commands/channel-users.ts';
import { readStatus } from '../../../usecases/commands/read-status.ts';
import { OutsideError } from '../../../usecases/errors.ts';
import type { Ports } from '../../../usecases/ports.ts';
import type { Asked } from '../asked/asked.ts';
import { buildHelp, buildStatus } from '../blocks/notice.ts';
import { type Content, saying } from '../blocks/parts.ts';
import {
  LOOKING_IT_UP,
  NOT_DONE,
  notACommand,
  unknownAccount,
  usageWords,
} from '../wording/commands/commands.ts';
import { type AskedPorts, asking, type RequestContext } from './asking.ts';

/** Slack waits three seconds for the answer; a cold start and the table take their part. */
const CHANNELS_WITHIN_MS = 1200;

export interface CommandPorts extends ChannelPorts, AskedPorts, Pick<Ports, 'policy' | 'now'> {}

export function handleCommand(ports: CommandPorts): Middleware<SlackCommandMiddlewareArgs> {
  return async ({ ack, body, context }) => {
    await ack({ response_type: 'ephemeral', ...(await answer(body, context, ports)) });
  };
}

/** A slash command shows nothing when its request fails, so a failure is answered in words. */
async function answer(body: SlashCommand, context: RequestContext, ports: CommandPorts): Promise<Content> {
  try {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'answer') return await answerTo(asked, ports);
    if (asked.kind !== 'job') return saying(NOT_DONE);
    await ports.queue(request, asked.job);
    return saying(LOOKING_IT_UP);
  } catch (error) {
    ports.log.error('slack.commandFailed', { personId: body.user_id, error });
    return saying(NOT_DONE);
  }
}

async function answerTo(
  { typed, meaning }: Extract<Asked, { kind: 'answer' }>,
  ports: CommandPorts,
): Promise<Content> {
  switch (meaning.kind) {
    case 'now':
      return meaning.answer === 'help' ? buildHelp() : ownStatus(typed.user_id, ports);
    case 'misused':
      return saying(usageWords(meaning.word));
    case 'unknownAccount':
      return saying(unknownAccount(meaning.name, meaning.word));
    case 'unknown':
      return saying(notACommand(typed.text), ...buildHelp().blocks);
  }
}

async function ownStatus(personId: string, ports: CommandPorts): Promise<Content> {
  const status = await readStatus(personId, ports, (work) => within(CHANNELS_WITHIN_MS, work));
  return buildStatus(status, 'own', ports.now(), ports.accountName);
}

/** Gives up on work that takes too long for somebody who waits. The work itself goes on, unheard. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutsideError('unknown', 'look-up', 'too_slow')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
