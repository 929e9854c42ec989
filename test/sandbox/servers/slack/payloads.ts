// The payloads Slack sends when people act, in the shapes it documents.

import { messagePayload } from './content.ts';
import { openDm } from './conversations.ts';
import { initialState, stateAfter } from './input-state.ts';
import type { Input, Slack } from './method.ts';
import type { Fillable, Pressable } from './pressables.ts';
import { createResponseUrl } from './response-urls.ts';
import type { Forgery } from './signed-request.ts';
import { viewPayload } from './views.ts';
import { type Channel, type Home, type Message, nextId, nextTs, type ShownView } from './workspace.ts';

export interface Situation extends Slack {
  signingSecret: string;
  /** Where the local Slack listens: response URLs start with it. */
  slackUrl: string;
}

/** Legacy, still sent; apps verify the signature instead. */
const VERIFICATION_TOKEN = 'verification-token';

/** What every interaction carries. https://docs.slack.dev/interactivity/handling-user-interaction#payloads */
function interaction({ workspace, clock }: Situation, user: string, { teamId, appId }: Forgery): Input {
  const member = workspace.members.get(user);
  if (!member) throw new Error(`nobody has the id ${user}`);
  const trigger_id = `${nextId(workspace, '')}.${nextId(workspace, '')}`;
  workspace.triggers.set(trigger_id, { id: trigger_id, user, createdAt: clock.now(), used: false });
  const { id, domain } = workspace.team;
  return {
    user: { id: user, username: member.name, name: member.name, team_id: teamId ?? member.team_id },
    api_app_id: appId ?? workspace.appId,
    token: VERIFICATION_TOKEN,
    trigger_id,
    team: { id: teamId ?? id, domain },
    ...{ enterprise: null, is_enterprise_install: false },
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function clickPayload(
  situation: Situation,
  user: string,
  message: Message,
  pressed: Pressable,
  forge: Forgery,
): Input {
  const { workspace, slackUrl } = situation;
  const { ts, channel, ephemeralTo } = message;
  const container = {
    type: 'message',
    message_ts: ts,
    channel_id: channel,
    is_ephemeral: Boolean(ephemeralTo),
  };
  return {
    type: 'block_actions',
    ...interaction(situation, user, forge),
    container,
    channel: { id: channel, name: channelName(workspace.channels.get(channel)) },
    // Of an ephemeral message Slack keeps nothing to send along.
    ...(!ephemeralTo && { message: messagePayload(message, workspace) }),
    state: { values: stateAfter(message, pressed) },
    response_url: slackUrl + createResponseUrl(situation, { user, channel, message: ts }),
    actions: [actionPayload(situation, pressed)],
  };
}

/** The same in Home, which has no channel and no address for an answer. */
export function homePayload(
  situation: Situation,
  shown: ShownView<Home>,
  pressed: Pressable | (Fillable & { given: string }),
  forge: Forgery,
): Input {
  const { workspace } = situation;
  const action = 'given' in pressed ? filledPayload(situation, pressed) : actionPayload(situation, pressed);
  const values = 'given' in pressed ? initialState(shown.view.blocks) : stateAfter(shown.view, pressed);
  return {
    type: 'block_actions',
    ...interaction(situation, shown.user, forge),
    container: { type: 'view', view_id: shown.id },
    view: { ...viewPayload(shown, workspace), state: { values } },
    actions: [action],
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: in a view there is neither channel nor message. */
export function viewClickPayload(
  situation: Situation,
  shown: ShownView,
  values: Input,
  action: Input,
  forge: Forgery,
): Input {
  return {
    type: 'block_actions',
    ...interaction(situation, shown.user, forge),
    container: { type: 'view', view_id: shown.id },
    view: { ...viewPayload(shown, situation.workspace), state: { values } },
    actions: [action],
  };
}

function filledPayload(
  { workspace, clock }: Situation,
  { element, block, given }: Fillable & { given: string },
): Input {
  const { type, action_id } = element;
  const action_ts = nextTs(workspace, clock);
  const what = type === 'users_select' ? { selected_user: given } : { value: given };
  return { type, block_id: block.block_id, action_id, ...what, action_ts };
}

/** By kind of element, as @slack/bolt types them (ButtonAction, OverflowAction, StaticSelectAction). */
export function actionPayload({ workspace, clock }: Situation, pressed: Pressable): Input {
  const { element, block, option, confirm } = pressed;
  const { type, action_id } = element;
  const common = {
    ...{ action_id, block_id: block.block_id, type, action_ts: nextTs(workspace, clock) },
    ...(confirm && { confirm }),
  };
  if (element.type === 'overflow') return { ...common, selected_option: option };
  if (element.type === 'static_select') {
    const { placeholder } = element;
    return { ...common, selected_option: option, ...(placeholder && { placeholder }) };
  }
  const { text, value, style } = element;
  return { ...common, text, ...(value !== undefined && { value }), ...(style && { style }) };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewSubmission(situation: Situation, values: Input, shown: ShownView, forge: Forgery): Input {
  return {
    type: 'view_submission',
    ...interaction(situation, shown.user, forge),
    view: { ...viewPayload(shown, situation.workspace), state: { values } },
    response_urls: [],
  };
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export function slashCommandForm(
  situation: Situation,
  given: { user: string; channel: string; command: string; text: string },
  forge: Forgery,
): Record<string, string> {
  const { workspace, slackUrl } = situation;
  const { trigger_id } = interaction(situation, given.user, forge);
  return {
    token: VERIFICATION_TOKEN,
    team_id: forge.teamId ?? workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: given.channel,
    channel_name: channelName(workspace.channels.get(given.channel)),
    user_id: given.user,
    user_name: workspace.members.get(given.user)?.name ?? '',
    command: given.command,
    text: given.text,
    api_app_id: forge.appId ?? workspace.appId,
    is_enterprise_install: 'false',
    response_url: slackUrl + createResponseUrl(situation, given),
    trigger_id: String(trigger_id),
  };
}

/** https://docs.slack.dev/reference/events/app_home_opened */
export function appHomeOpened(
  situation: Situation,
  user: string,
  tab: 'home' | 'messages',
  forge: Forgery,
): Input {
  const { workspace, clock } = situation;
  const shown = workspace.homes.get(user);
  const event = {
    ...{ type: 'app_home_opened', user, channel: openDm(workspace, user).id, tab },
    event_ts: nextTs(workspace, clock),
    ...(shown && tab === 'home' && { view: viewPayload(shown, workspace) }),
  };
  return eventCallback(situation, event, nextId(workspace, 'Ev'), clock.now(), forge);
}

/** https://docs.slack.dev/reference/events/message.im. Of the bot's own messages Slack tells it, too. */
export function messageEvent(situation: Situation, message: Message, forge: Forgery): Input {
  const { workspace } = situation;
  const { ts, channel, user, text, blocks, thread } = message;
  const event = {
    ...{ type: 'message', user, channel, channel_type: 'im', text, ts, event_ts: ts },
    ...(thread && { thread_ts: thread }),
    team: workspace.team.id,
    ...(user === workspace.bot.userId
      ? { bot_id: workspace.bot.botId, app_id: workspace.appId, blocks }
      : { client_msg_id: `message-${ts}`, blocks: [] }),
  };
  // The same each time that it is sent.
  return eventCallback(situation, event, `Ev${ts.replace('.', '')}`, Number(ts) * 1000, forge);
}

/** https://docs.slack.dev/apis/events-api#callback-field */
function eventCallback(
  { workspace }: Situation,
  event: Input,
  event_id: string,
  at: number,
  forge: Forgery,
): Input {
  const team_id = forge.teamId ?? workspace.team.id;
  return {
    ...{ token: VERIFICATION_TOKEN, team_id, api_app_id: forge.appId ?? workspace.appId },
    event,
    ...{ type: 'event_callback', event_id, event_time: Math.floor(at / 1000) },
    authorizations: [
      {
        ...{ enterprise_id: null, team_id, user_id: workspace.bot.userId },
        ...{ is_bot: true, is_enterprise_install: false },
      },
    ],
    is_ext_shared_channel: false,
  };
}

function channelName(channel: Channel | undefined): string {
  if (!channel) throw new Error('no such channel');
  return channel.im ? 'directmessage' : channel.is_private ? 'privategroup' : channel.name;
}
