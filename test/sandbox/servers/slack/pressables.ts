// What on a message can be pressed, found by the words that people see.
import type {
  Button,
  Confirm,
  KnownBlock,
  Overflow,
  PlainTextInput,
  PlainTextOption,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import { interactiveIn } from './content.ts';

/** A button, or one entry of a menu. */
export interface Pressable {
  label: string;
  block: KnownBlock;
  element: Button | Overflow | StaticSelect;
  /** The chosen entry, for menus. */
  option?: PlainTextOption;
  /** What Slack asks before it sends the click. */
  confirm?: Confirm;
}

/** Something in Home that is filled in, and heard of at once: an input that dispatches, or a picker of people. */
export interface Fillable {
  label: string;
  block: KnownBlock;
  element: PlainTextInput | UsersSelect;
}

export function fillables({ blocks }: Shown): Fillable[] {
  return blocks.flatMap((block): Fillable[] => {
    if (block.type === 'input')
      return block.dispatch_action && block.element.type === 'plain_text_input'
        ? [{ label: block.label.text, block, element: block.element }]
        : [];
    return interactiveIn(block)
      .filter((element): element is UsersSelect => element.type === 'users_select')
      .map((element) => ({ label: element.placeholder?.text ?? '', block, element }));
  });
}

/** By the label of the input, or the placeholder of the picker. */
export function findFillable(shown: Shown, label: string): Fillable {
  const there = fillables(shown);
  const found = there.find((one) => one.label === label);
  if (!found) throw new Error(`nothing to fill in called “${label}”; there is ${listed(there)}`);
  return found;
}

/** A message, or the inside of a view. */
export interface Shown {
  blocks: KnownBlock[];
}

/**
 * Everything that can be pressed, in the order shown. An input is heard of when the form is submitted.
 * https://docs.slack.dev/reference/block-kit/blocks/input-block
 */
export function pressables({ blocks }: Shown): Pressable[] {
  return blocks
    .filter(({ type }) => type !== 'input')
    .flatMap((block) => interactiveIn(block).flatMap((element) => pressablesOf(block, element)));
}

function pressablesOf(block: KnownBlock, element: { type: string }): Pressable[] {
  if (isButton(element)) return [{ label: element.text.text, block, element, ...confirmOf(element) }];
  if (!isMenu(element)) return [];
  const shared = { block, element, ...confirmOf(element) };
  return (element.options ?? []).map((option) => ({ label: option.text.text, option, ...shared }));
}

function confirmOf({ confirm }: { confirm?: Confirm }): { confirm?: Confirm } {
  return confirm ? { confirm } : {};
}

function isButton(element: { type: string }): element is Button {
  return element.type === 'button';
}

function isMenu(element: { type: string }): element is Overflow | StaticSelect {
  return element.type === 'overflow' || element.type === 'static_select';
}

/** The one with this label. `nth` (from 1) chooses among several that read the same. */
export function findButton(shown: Shown, label: string, nth?: number): Pressable {
  const there = pressables(shown);
  const matching = there.filter((pressable) => pressable.label === label);
  const found = matching[(nth ?? 1) - 1];
  if (!found)
    throw new Error(`no button “${label}”${nth ? ` number ${nth}` : ''}; there is ${listed(there)}`);
  if (matching.length > 1 && nth === undefined)
    throw new Error(`${matching.length} buttons read “${label}”: say which with nth`);
  return found;
}

function listed(there: { label: string }[]): string {
  return there.length === 0 ? 'none at all' : there.map(({ label }) => `“${label}”`).join(', ');
}
