// The documented limits of Block Kit's text objects, dialogs and interactive elements, as far as the app draws them.
import { byType, type Fields, flag, integer, list, oneOf, shape, string } from './rules.ts';

// https://docs.slack.dev/reference/block-kit/composition-objects/text-object: 1 to 3000 characters
const plainText = (max: number) => shape({ text: string(max, 1) }, { emoji: flag });
const mrkdwn = (max: number) => shape({ text: string(max, 1) }, { verbatim: flag });
export const plain = (max: number) => byType({ plain_text: plainText(max) });
export const text = (max: number) => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });

const style = oneOf('primary', 'danger');

// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const confirm = shape(
  { text: plain(300) },
  { title: plain(100), confirm: plain(30), deny: plain(30), style },
);

// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
const option = shape({ text: plain(75), value: string(150, 1) }, { description: plain(75) });

const action: Fields = { action_id: string(255, 1) };
const picker: Fields = { ...action, placeholder: plain(150) };

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const button = shape(
  { text: plain(75) },
  { ...action, confirm, value: string(2000), style, accessibility_label: string(75, 1) },
);

// https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
const overflow = shape({ options: list(option, 5) }, { ...action, confirm });

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
const staticSelect = shape({ options: list(option, 100) }, picker);
const usersSelect = shape({}, picker);

// https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
const multiStaticSelect = shape({ options: list(option, 100) }, picker);

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#conversations_select
const conversationsSelect = shape({}, { ...picker, filter: conversationFilter() });

// https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
function conversationFilter() {
  const include = list(oneOf('im', 'mpim', 'private', 'public'), 4);
  return shape({}, { include, exclude_bot_users: flag, exclude_external_shared_channels: flag });
}

// https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element
const checkboxes = shape({ options: list(option, 10) }, action);

const datepicker = shape({}, { ...picker, initial_date: string(10, 10) });

// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
const plainTextInput = shape(
  {},
  {
    ...{ ...picker, multiline: flag, max_length: integer, initial_value: string(3000) },
    // https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
    dispatch_action_config: shape(
      {},
      { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2) },
    ),
  },
);

// What the app does not draw is refused as unknown.
export const pressed = byType({
  button,
  overflow,
  static_select: staticSelect,
  users_select: usersSelect,
});
export const inputElement = byType({
  plain_text_input: plainTextInput,
  datepicker,
  users_select: usersSelect,
  multi_static_select: multiStaticSelect,
  conversations_select: conversationsSelect,
  checkboxes,
});
