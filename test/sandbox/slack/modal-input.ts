// What people fill into a modal, by the labels they see, as the state that Slack sends.
import type { InputBlock, Option } from '@slack/types';
import type { Shown } from './buttons.ts';

type Element = InputBlock['element'];
type State = Record<string, Record<string, unknown>>;

/** The `state.values` of a modal. Throws where Slack would not let the person submit. */
export function inputValues({ blocks }: Shown, values: Record<string, string>): State {
  const inputs = blocks.filter((block): block is InputBlock => block.type === 'input');
  const labels = inputs.map(({ label }) => label.text);
  const unknown = Object.keys(values).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw new Error(`no input “${unknown[0]}”; there is ${labels.join(', ') || 'none at all'}`);
  const state: State = {};
  for (const { label, element, optional, block_id = '' } of inputs) {
    const value = stateOf(element, values[label.text]);
    const filled = Object.entries(value).some(([name, part]) => name !== 'type' && part !== null);
    if (!filled && !optional) throw new Error(`“${label.text}” must be filled in`);
    state[block_id] = { [element.action_id ?? '']: value };
  }
  return state;
}

// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload: by element type
function stateOf(element: Element, given: string | undefined): Record<string, unknown> {
  const { type } = element;
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return {
        type,
        selected_option: chosen(element.options ?? [], given) ?? element.initial_option ?? null,
      };
    case 'checkboxes': {
      const option = chosen(element.options, given);
      return { type, selected_options: option ? [option] : (element.initial_options ?? []) };
    }
    case 'datepicker':
      return { type, selected_date: given ?? element.initial_date ?? null };
    case 'users_select':
      return { type, selected_user: given ?? element.initial_user ?? null };
    case 'conversations_select':
      return { type, selected_conversation: given ?? element.initial_conversation ?? null };
    default:
      return {
        type,
        value: given ?? ('initial_value' in element ? element.initial_value : undefined) ?? null,
      };
  }
}

function chosen(options: Option[], label: string | undefined): Option | undefined {
  if (label === undefined) return undefined;
  const option = options.find(({ text }) => text.text === label);
  if (!option)
    throw new Error(`no option “${label}”; there is ${options.map(({ text }) => text.text).join(', ')}`);
  return option;
}
