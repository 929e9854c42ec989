// The documented limits of Block Kit's text objects, dialogs and interactive elements.
import { isDeepStrictEqual } from 'node:util';
import {
  anything,
  both,
  byType,
  type Fields,
  flag,
  integer,
  isObject,
  list,
  oneOf,
  shape,
  string,
  wrong,
} from './rules.ts';

// https://docs.slack.dev/reference/block-kit/composition-objects/text-object: 1 to 3000 characters
const plainText = (max: number) => shape({ text: string(max, 1) }, { emoji: flag });
const mrkdwn = (max: number) => shape({ text: string(max, 1) }, { verbatim: flag });
export const plain = (max: number) => byType({ plain_text: plainText(max) });
export const text = (max: number) => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });

const style = oneOf('primary', 'danger');

// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
const confirm = shape({ text: text(300) }, { title: plain(100), confirm: plain(30), deny: plain(30), style });

// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
const option = shape({ text: plain(75), value: string(150, 1) }, { description: plain(75) });
const menuOption = shape(
  { text: plain(75), value: string(150, 1) },
  { description: plain(75), url: string(3000) },
);
const tickOption = shape({ text: text(75), value: string(150, 1) }, { description: text(75) });
const optionGroup = shape({ label: plain(75), options: list(option, 100) });

const action: Fields = { action_id: string(255, 1) };
const confirmable: Fields = { ...action, confirm };
const focusable: Fields = { ...confirmable, focus_on_load: flag };
const picker: Fields = { ...focusable, placeholder: plain(150) };
const typed: Fields = {
  ...{ ...action, placeholder: plain(150), focus_on_load: flag },
  dispatch_action_config: shape({ trigger_actions_on: list(string(30), 2) }),
};

const optionsOrGroups = (value: unknown, at: string) =>
  isObject(value) && (value.options === undefined) === (value.option_groups === undefined)
    ? wrong('must define either `options` or `option_groups`', at)
    : [];

/** "A single option that exactly matches one of the options within options or option_groups"; Slack's words are not known. */
const initialAmongOptions = (value: unknown, at: string) => {
  if (!isObject(value) || value.initial_option === undefined) return [];
  const groups = [value, ...(Array.isArray(value.option_groups) ? value.option_groups : [])];
  const options = groups.flatMap((group) => (isObject(group) ? (group.options ?? []) : []));
  return options.some((option) => isDeepStrictEqual(option, value.initial_option))
    ? []
    : wrong('must match one of the options', `${at}/initial_option`);
};

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const button = shape(
  { text: plain(75) },
  { ...confirmable, url: string(3000), value: string(2000), style, accessibility_label: string(75) },
);

// https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
const overflow = shape({ options: list(menuOption, 5) }, confirmable);

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
const choice: Fields = { ...picker, options: list(option, 100), option_groups: list(optionGroup, 100) };
const staticSelect = both(
  both(shape({}, { ...choice, initial_option: option }), optionsOrGroups),
  initialAmongOptions,
);
const multiStaticSelect = both(
  shape({}, { ...choice, initial_options: list(option, 100), max_selected_items: integer }),
  optionsOrGroups,
);
const usersSelect = shape({}, { ...picker, initial_user: string(20) });
const conversationsSelect = shape(
  {},
  { ...picker, initial_conversation: string(20), default_to_current_conversation: flag, filter: anything },
);
const channelsSelect = shape({}, { ...picker, initial_channel: string(20), response_url_enabled: flag });

// https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element, radio-button-group-element
const checkboxes = shape(
  { options: list(tickOption, 10) },
  { ...focusable, initial_options: list(tickOption, 10) },
);
const radioButtons = both(
  shape({ options: list(tickOption, 10) }, { ...focusable, initial_option: tickOption }),
  initialAmongOptions,
);

const datepicker = shape({}, { ...picker, initial_date: string(10, 10) });
const timepicker = shape({}, { ...picker, initial_time: string(5, 5), timezone: string(64) });

// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
const plainTextInput = shape(
  {},
  { ...typed, initial_value: string(3000), multiline: flag, min_length: integer, max_length: integer },
);
const addressInput = shape({}, { ...typed, initial_value: string(3000) });
const numberInput = shape(
  { is_decimal_allowed: flag },
  { ...typed, initial_value: string(30), min_value: string(30), max_value: string(30) },
);

// https://docs.slack.dev/reference/block-kit/block-elements/image-element
export const imageSource: Fields = { image_url: string(3000, 1), slack_file: anything };
const image = shape({ alt_text: string(2000, 1) }, imageSource);

// Kinds that no app of ours uses (workflow buttons, file inputs, external selects) are refused as unknown.
const everywhere: Fields = {
  ...{ checkboxes, datepicker, timepicker, radio_buttons: radioButtons },
  ...{ static_select: staticSelect, multi_static_select: multiStaticSelect, users_select: usersSelect },
  ...{ conversations_select: conversationsSelect, channels_select: channelsSelect },
};
export const actionsElement = byType({ ...everywhere, button, overflow });
export const accessory = byType({ ...everywhere, button, overflow, image });
export const inputElement = byType({
  ...{ ...everywhere, plain_text_input: plainTextInput, number_input: numberInput },
  ...{ email_text_input: addressInput, url_text_input: addressInput },
});
export const contextElement = byType({ image, plain_text: plainText(3000), mrkdwn: mrkdwn(3000) });
