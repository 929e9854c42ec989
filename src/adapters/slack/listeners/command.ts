// /keyrotate: one's own status is answered at once, from the table and as far as Slack is quick; the rest becomes a job.
import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import * as z from 'zod';
import type { ChannelPorts } from '../../../usecases/commands/channel-users.ts';
import { readStatus } from '../../../usecases/commands/read-status.ts';
import { OutsideError } from '../../../usecases/errors.ts';
import type { CommandJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { slackToken } from '../answered.ts';
import { buildHelp, buildStatus } from '../blocks/notice.ts';
import { type Content, saying } from '../blocks/parts.ts';
import {
  LOOKING_IT_UP,
  NOT_DONE,
  notACommand,
  unknownAccount,
  usageWords,
} from '../wording/commands/commands.ts';
import { type CommandMeaning, parseCommand } from './parse-command.ts';

/** Slack waits three seconds for the answer; a cold start and the table take their part. */
const CHANNELS_WITHIN_MS = 1200;

export interface CommandPorts extends ChannelPorts, Pick<Ports, 'accounts' | 'policy' | 'now'> {
  jobs: Pick<Ports['jobs'], 'put'>;
  accountName(account: string): string | undefined;
}

const Typed = z.object({
  trigger_id: slackToken(200),
  user_id: slackToken(50),
  channel_id: slackToken(50),
  text: z.string().max(4000).default(''),
  response_url: z.url().max(500).optional().catch(undefined),
});

type Typed = z.output<typeof Typed>;

export function handleCommand(ports: CommandPorts): Middleware<SlackCommandMiddlewareArgs> {
  return async ({ ack, body }) => {
    const { data } = Typed.safeParse(body);
    const content = data ? await answer(data, ports) : saying(NOT_DONE);
    await ack({ response_type: 'ephemeral', ...content });
  };
}

/** A slash command shows nothing when its request fails, so a failure is answered in words. */
async function answer(typed: Typed, ports: CommandPorts): Promise<Content> {
  try {
    return await answerTo(parseCommand(typed.text, ports), typed, ports);
  } catch (error) {
    ports.log.error('slack.commandFailed', { personId: typed.user_id, error });
    return saying(NOT_DONE);
  }
}

async function answerTo(asked: CommandMeaning, typed: Typed, ports: CommandPorts): Promise<Content> {
  switch (asked.kind) {
    case 'now':
      return asked.answer === 'help' ? buildHelp() : ownStatus(typed.user_id, ports);
    case 'later':
      await ports.jobs.put('clicks', [commandJob(typed, asked.command)]);
      return saying(LOOKING_IT_UP);
    case 'misused':
      return saying(usageWords(asked.word));
    case 'unknownAccount':
      return saying(unknownAccount(asked.name, asked.word));
    case 'unknown':
      return saying(notACommand(typed.text), ...buildHelp().blocks);
  }
}

async function ownStatus(personId: string, ports: CommandPorts): Promise<Content> {
  const status = await readStatus(personId, ports, (work) => within(CHANNELS_WITHIN_MS, work));
  return buildStatus(status, 'own', ports.now(), ports.accountName);
}

function commandJob(
  { trigger_id, user_id, channel_id, response_url }: Typed,
  command: CommandJob['command'],
): CommandJob {
  const place = { channel: channel_id, ...(response_url !== undefined && { responseUrl: response_url }) };
  return { kind: 'command', id: `command/${trigger_id}`, command, personId: user_id, place };
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
