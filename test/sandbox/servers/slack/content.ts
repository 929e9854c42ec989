// What a message may hold, and how Slack shows a message to apps.
import type { KnownBlock } from '@slack/types';
import { blocksTooLong, validateBlocks } from './blocks.ts';
import { complaints, type Input, SlackError, text } from './method.ts';
import { type Message, nextId, type Workspace } from './workspace.ts';

// https://docs.slack.dev/reference/methods/chat.postMessage: 4,000 is what it recommends; more is cut off late or refused
const MOST_TEXT = 4000;

export interface Content {
  text: string;
  /** undefined when the call does not mention blocks. */
  blocks: KnownBlock[] | undefined;
}

/** The checked text and blocks of a call. Throws SlackError. */
export function readContent(input: Input, workspace: Workspace): Content {
  const words = text(input, 'text') ?? '';
  const blocks = input.blocks === undefined ? undefined : checkedBlocks(input.blocks, workspace);
  if (!words && !blocks?.length) throw new SlackError('no_text');
  if ([...words].length > MOST_TEXT) throw new SlackError('msg_too_long');
  return { text: words, blocks };
}

function checkedBlocks(given: unknown, workspace: Workspace): KnownBlock[] {
  if (!Array.isArray(given)) throw new SlackError('invalid_blocks_format');
  const faults = validateBlocks(given, 'message');
  if (faults.length > 0) throw complaints('invalid_blocks', faults);
  const blocks = withIds(given as KnownBlock[], workspace);
  if (blocksTooLong(blocks)) throw new SlackError('msg_blocks_too_long');
  return blocks;
}

/** Slack names what the app left unnamed. https://docs.slack.dev/reference/block-kit/blocks */
export function withIds(blocks: KnownBlock[], workspace: Workspace): KnownBlock[] {
  return structuredClone(blocks).map((block) => {
    block.block_id ??= nextId(workspace, 'b');
    for (const element of interactiveIn(block)) element.action_id ??= nextId(workspace, 'a');
    return block;
  });
}

interface Interactive {
  type: string;
  action_id?: string;
}

/** Everything in a block that a person can operate. */
export function interactiveIn(block: KnownBlock): Interactive[] {
  if (block.type === 'actions') return block.elements;
  if (block.type === 'input') return [block.element];
  if (block.type === 'section' && block.accessory) return [block.accessory];
  return [];
}

/** A message as answers and payloads carry it. https://docs.slack.dev/reference/events/message */
export function messagePayload(message: Message, { bot, appId, team }: Workspace): Record<string, unknown> {
  const { user, ts, text: words, blocks, edited } = message;
  return {
    ...{ user, type: 'message', ts, text: words, team: team.id, blocks },
    ...(user === bot.userId && { bot_id: bot.botId, app_id: appId }),
    ...(edited && { edited }),
  };
}
