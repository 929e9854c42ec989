// What people fill into a modal, by the labels they see, as the state that Slack sends.
import type { InputBlock } from '@slack/types';
import { initialState, type State, stateOf } from './input-state.ts';
import type { Shown } from './pressables.ts';
import type { ShownView, Workspace } from './workspace.ts';

/** The `state.values` of a modal. Throws where Slack would not let the person submit, unless it is `unsent`. */
export function inputValues(
  { view: { blocks }, user }: ShownView<Shown>,
  values: Record<string, string>,
  workspace: Workspace,
  unsent?: 'unsent',
): State {
  const inputs = blocks.filter((block): block is InputBlock => block.type === 'input');
  const labels = inputs.map(({ label }) => label.text);
  const unknown = Object.keys(values).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw new Error(`no input “${unknown[0]}”; there is ${labels.join(', ') || 'none at all'}`);
  const state = initialState(blocks);
  for (const { label, element, optional, block_id = '' } of inputs) {
    const value = stateOf(element, values[label.text]);
    refuseUnlisted(element, values[label.text], { workspace, user });
    const filled = Object.entries(value).some(
      ([name, part]) => name !== 'type' && part !== null && !(Array.isArray(part) && part.length === 0),
    );
    if (!filled && !optional && !unsent) throw new Error(`“${label.text}” must be filled in`);
    state[block_id] = { [element.action_id ?? '']: value };
  }
  return state;
}

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#users_select: "Slack users visible to the current user"
function refuseUnlisted(
  { type }: InputBlock['element'],
  given: string | undefined,
  { workspace: { members, channels }, user }: { workspace: Workspace; user: string },
): void {
  if (given === undefined) return;
  // Of the filters only that for private channels is known; they are visible to whoever is in them.
  const channel = channels.get(given);
  if (type === 'conversations_select' && !(channel?.is_private && channel.members.includes(user)))
    throw new Error(`${user} cannot choose ${given}`);
  if (type !== 'users_select') return;
  const member = members.get(given);
  if (!member || member.deleted) throw new Error(`nobody can choose ${given}`);
}
