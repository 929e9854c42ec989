// What people fill into a modal, by the labels they see, as the state that Slack sends.
import type { InputBlock } from '@slack/types';
import { initialState, type State, stateOf } from './input-state.ts';
import type { Shown } from './pressables.ts';
import type { Workspace } from './workspace.ts';

/** The `state.values` of a modal. Throws where Slack would not let the person submit. */
export function inputValues({ blocks }: Shown, values: Record<string, string>, workspace: Workspace): State {
  const inputs = blocks.filter((block): block is InputBlock => block.type === 'input');
  const labels = inputs.map(({ label }) => label.text);
  const unknown = Object.keys(values).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw new Error(`no input “${unknown[0]}”; there is ${labels.join(', ') || 'none at all'}`);
  const state = initialState(blocks);
  for (const { label, element, optional, block_id = '' } of inputs) {
    const value = stateOf(element, values[label.text]);
    refuseUnlisted(element, values[label.text], workspace);
    const filled = Object.entries(value).some(([name, part]) => name !== 'type' && part !== null);
    if (!filled && !optional) throw new Error(`“${label.text}” must be filled in`);
    state[block_id] = { [element.action_id ?? '']: value };
  }
  return state;
}

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#users_select: "Slack users visible to the current user"
function refuseUnlisted(
  { type }: InputBlock['element'],
  given: string | undefined,
  { members }: Workspace,
): void {
  if (type !== 'users_select' || given === undefined) return;
  const member = members.get(given);
  if (!member || member.deleted) throw new Error(`nobody can choose ${given}`);
}
