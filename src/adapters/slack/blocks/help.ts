// The answer to `/keyrotate help`.
import { HELP } from '../wording/commands/help-text.ts';
import { type Content, section, smallPrint } from './parts.ts';

/** `isAdminHint` only decides what is shown: commands ask for themselves who may use them. */
export function buildHelp(isAdminHint = true): Content {
  return {
    text: HELP.title,
    blocks: [
      section(`*${HELP.title}*`),
      section(HELP.how),
      section(HELP.commands),
      ...(isAdminHint ? [section(HELP.admin)] : []),
      ...smallPrint(HELP.safety),
    ],
  };
}
