// What is said at once to somebody who typed a command.
import { code } from '../escape.ts';

export const LOOKING_IT_UP = 'Looking it up. The answer comes in a moment.';

export const NOT_DONE =
  'keyrotate could not answer just now. Nothing was changed. Please try again in a minute.';

export function notACommand(text: string): string {
  return `I do not know ${code(text.trim(), 60)}. Here is what I understand:`;
}
