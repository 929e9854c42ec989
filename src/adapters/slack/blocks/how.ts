// The answer to "Show me how": the commands for one tool, and the menu for the others.
import type { KnownBlock, StaticSelect } from '@slack/types';
import { replacementOf } from '../../../domain/rotation.ts';
import { TOOLS, type Tool } from '../../../usecases/jobs.ts';
import { code } from '../escape.ts';
import type { CardView } from '../wording/card/card-view.ts';
import { ANOTHER_TOOL, howWords, SHOW_ME_HOW, TOOL_NAMES } from '../wording/card/show-how.ts';
import { type Content, plainText, saying, section } from './parts.ts';
import { howId, TOOLS_ID, targetValue } from './press.ts';

export function buildHow(tool: Tool, view: CardView): Content {
  const { rotation, account, userName } = view.user;
  const replacement = rotation && replacementOf(rotation);
  // The use case has looked.
  if (replacement?.kind !== 'created') return saying('There is no new key.');
  const others: KnownBlock = {
    type: 'actions',
    block_id: targetValue({ account, userName }),
    elements: [toolsMenu(ANOTHER_TOOL)],
  };
  return {
    text: `How to put the new key in place: ${TOOL_NAMES[tool]}.`,
    blocks: [
      section(`*${TOOL_NAMES[tool]}*, for ${code(userName)}`),
      ...howWords(tool, { replacement, view }).map((words) => section(words)),
      others,
    ],
  };
}

export function toolsMenu(placeholder = SHOW_ME_HOW): StaticSelect {
  const options = TOOLS.map((tool) => ({ text: plainText(TOOL_NAMES[tool]), value: howId(tool) }));
  return { type: 'static_select', action_id: TOOLS_ID, placeholder: plainText(placeholder), options };
}
