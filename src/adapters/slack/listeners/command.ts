// /keyrotate: one's own status is answered at once, from the table and as far as Slack is quick; the rest becomes a job.
import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import * as z from 'zod';
import type { ChannelPorts } from '../../../usecases/commands/channel-users.ts';
import { readStatus } from '../../../usecases/commands/read-status.ts';
import type { CommandJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { slackToken } from '../answered.ts';
import { buildHelp } from '../blocks/help.ts';
import { type Content, section } from '../blocks/parts.ts';
import { buildStatus } from '../blocks/status.ts';
import {
  LOOKING_IT_UP,
  NOT_DONE,
  notACommand,
  unknownAccount,
  usageWords,
} from '../wording/commands/commands.ts';
import { type CommandMeaning, parseCommand } from './parse-command.ts';
import { within } from './within.ts';

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

export function handleCommand(ports: CommandPorts) {
  const listener: Middleware<SlackCommandMiddlewareArgs> = async ({ ack, body }) => {
    const { data } = Typed.safeParse(body);
    await ack(toPersonAlone(data ? await answer(data, ports) : saying(NOT_DONE)));
  };
  return listener;
}

/** A slash command shows nothing when its request fails, so a failure is answered in words. */
async function answer(typed: z.output<typeof Typed>, ports: CommandPorts): Promise<Content> {
  try {
    return await answerTo(parseCommand(typed.text, ports), typed, ports);
  } catch (error) {
    ports.log.error('slack.commandFailed', { personId: typed.user_id, error });
    return saying(NOT_DONE);
  }
}

async function answerTo(
  asked: CommandMeaning,
  typed: z.output<typeof Typed>,
  ports: CommandPorts,
): Promise<Content> {
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
      return helpAfter(typed.text);
  }
}

async function ownStatus(personId: string, ports: CommandPorts): Promise<Content> {
  const status = await readStatus(personId, ports, (work) => within(CHANNELS_WITHIN_MS, work));
  return buildStatus(status, 'own', ports.now(), ports.accountName);
}

function commandJob(
  { trigger_id, user_id, channel_id, response_url }: z.output<typeof Typed>,
  command: CommandJob['command'],
): CommandJob {
  const place = { channel: channel_id, ...(response_url !== undefined && { responseUrl: response_url }) };
  return { kind: 'command', id: `command/${trigger_id}`, command, personId: user_id, place };
}

function helpAfter(text: string): Content {
  const sorry = notACommand(text);
  return { text: sorry, blocks: [section(sorry), ...buildHelp().blocks] };
}

function saying(text: string): Content {
  return { text, blocks: [section(text)] };
}

function toPersonAlone(content: Content) {
  return { response_type: 'ephemeral', ...content } as const;
}
