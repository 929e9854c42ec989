// The answer to `/keyrotate help`.
import {
  HELP_ADMIN,
  HELP_COMMANDS,
  HELP_HOW,
  HELP_SAFETY,
  HELP_TEXT,
} from '../wording/commands/help-text.ts';
import { type Content, section, smallPrint } from './parts.ts';

/** `isAdminHint` only decides what is shown: commands ask for themselves who may use them. */
export function buildHelp(isAdminHint = true): Content {
  return {
    text: HELP_TEXT,
    blocks: [
      section(`*${HELP_TEXT}*`),
      section(HELP_HOW),
      section(HELP_COMMANDS),
      ...(isAdminHint ? [section(HELP_ADMIN)] : []),
      ...smallPrint(HELP_SAFETY),
    ],
  };
}
