// What inputs and menus hold, as the `state.values` that Slack sends along.
import type { InputBlock, KnownBlock } from '@slack/types';
import { interactiveIn } from './content.ts';
import type { Pressable, Shown } from './pressables.ts';

type Element = InputBlock['element'];

/** By block id, then by action id. */
export type State = Record<string, Record<string, Record<string, unknown>>>;

/** What everything shown holds before somebody touches it. */
export function initialState(blocks: KnownBlock[]): State {
  const state: State = {};
  for (const block of blocks) {
    const stateful = interactiveIn(block).filter(holdsSomething);
    if (stateful.length === 0) continue;
    state[block.block_id ?? ''] = Object.fromEntries(
      stateful.map((element) => [element.action_id ?? '', stateOf(element)]),
    );
  }
  return state;
}

/** What everything holds once this is pressed. What was chosen before that is not remembered. */
export function stateAfter({ blocks }: Shown, { block, element, option }: Pressable): State {
  const state = initialState(blocks);
  const holder = state[block.block_id ?? ''];
  if (holder && element.type === 'static_select')
    holder[element.action_id ?? ''] = { type: element.type, selected_option: option };
  return state;
}

// https://api.slack.com/changelog/2020-09-full-state-on-view-submisson-and-block-actions: "all stateful elements, not just input blocks"
function holdsSomething(element: { type: string; action_id?: string }): element is Element {
  return !['button', 'overflow'].includes(element.type);
}

// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload: by element type
/** `given`: of what several may be chosen of, a line for each, as it reads. */
export function stateOf(element: Element, given?: string): Record<string, unknown> {
  const { type } = element;
  switch (element.type) {
    case 'static_select':
      return { type, selected_option: null };
    case 'datepicker':
      return { type, selected_date: given ?? element.initial_date ?? null };
    case 'users_select':
      return { type, selected_user: given ?? null };
    case 'conversations_select':
      return { type, selected_conversation: given ?? null };
    case 'plain_text_input':
      return { type, value: given ?? element.initial_value ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: chosen(element.options ?? [], given) };
    default:
      throw new Error(`nobody can fill in a ${type}`);
  }
}

function chosen<Option extends { text: { text: string } }>(
  options: Option[],
  given: string | undefined,
): Option[] {
  return (given?.split('\n') ?? []).map((words) => {
    const option = options.find(({ text }) => text.text === words);
    if (!option) throw new Error(`there is no “${words}” to choose`);
    return option;
  });
}
