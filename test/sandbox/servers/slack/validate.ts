// blocks.validate: what Slack says of a message or a view before it is sent. https://docs.slack.dev/reference/methods/blocks.validate
import { validateBlocks } from './blocks.ts';
import { complaints, type Input, type Method, SlackError, text } from './method.ts';
import { readView } from './views.ts';

const SURFACES = ['blocks', 'message', 'view'] as const;

const validate: Method = {
  run(input, { workspace }) {
    const [surface, another] = SURFACES.filter((one) => text(input, one) !== undefined);
    if (!surface || another) throw new SlackError('invalid_arguments');
    const given = parsed(input, surface);
    if (surface === 'view') {
      readView({ view: given }, workspace);
      return {};
    }
    const { blocks = [] } = (surface === 'blocks' ? { blocks: given } : given) as { blocks?: unknown };
    const faults = Array.isArray(blocks) && blocks.length === 0 ? [] : validateBlocks(blocks, 'message');
    if (faults.length > 0)
      throw complaints(surface === 'blocks' ? 'invalid_blocks' : 'invalid_message', faults);
    return {};
  },
};

function parsed(input: Input, name: string): unknown {
  const value = input[name];
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackError('invalid_arguments');
  }
}

export const validateMethods: Record<string, Method> = { 'blocks.validate': validate };
