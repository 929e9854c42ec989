// What people do in Slack, as the signed requests it makes the app receive.
import type { InputBlock } from '@slack/types';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { findMessage, openDm } from './conversations.ts';
import type { Input } from './method.ts';
import { inputValues } from './modal-input.ts';
import * as payloads from './payloads.ts';
import { findButton, findFillable } from './pressables.ts';
import { type Forgery, signedRequest } from './signed-request.ts';
import { type Message, type Modal, nextTs, type ShownView } from './workspace.ts';

interface Act {
  /** The person's id. */
  user: string;
  forge?: Forgery;
}

export interface People {
  /**
   * Presses a button, chooses a menu's entry or a select's option on a message, and confirms where Slack asks: by its
   * visible label, and `nth` (from 1) where several read the same.
   */
  click(press: Act & { message: Message; button: string; nth?: number }): APIGatewayProxyEventV2;
  /** Presses a button in an open modal, or Enter in a field of that label that is heard of at once. */
  clickInModal(act: {
    view: ShownView;
    button: string;
    values?: Record<string, string>;
    forge?: Forgery;
  }): APIGatewayProxyEventV2;
  slashCommand(act: Act & { channel: string; text: string; command?: string }): APIGatewayProxyEventV2;
  /** Opens Home, or the direct conversation beside it. */
  appHomeOpened(act: Act & { tab?: 'home' | 'messages' }): APIGatewayProxyEventV2;
  /** Presses a button in Home, as `click` does on a message. */
  clickInHome(press: Act & { button: string; nth?: number }): APIGatewayProxyEventV2;
  /** Fills in an input of Home by its label, or chooses a person by the picker's placeholder. */
  fillInHome(act: Act & { label: string; given: string }): APIGatewayProxyEventV2;
  /** Writes to the bot, or under a message. What stands in the conversation then is what `sent` tells of. */
  write(act: { user: string; text: string; thread?: string | undefined }): Message;
  /**
   * What Slack tells the app of a message in the direct conversation, `retry` the how manieth time that it is told once
   * more; undefined where the app may not read there.
   */
  sent(given: { message: Message; retry?: number; forge?: Forgery }): APIGatewayProxyEventV2 | undefined;
  /** Submits an open modal; `values` by the labels of its inputs. It stays until showModalAnswer. */
  submit(act: { view: ShownView; values?: Record<string, string>; forge?: Forgery }): APIGatewayProxyEventV2;
}

export function people(situation: payloads.Situation): People {
  const { workspace } = situation;
  const form = (fields: Record<string, string>, forge: Forgery) =>
    signedRequest(
      situation,
      'application/x-www-form-urlencoded',
      new URLSearchParams(fields).toString(),
      forge,
    );
  // https://docs.slack.dev/interactivity/handling-user-interaction: a form with the JSON in `payload`
  const interaction = (payload: Input, forge: Forgery) => form({ payload: JSON.stringify(payload) }, forge);

  const homeOf = (user: string) => {
    const shown = workspace.homes.get(user);
    if (!shown) throw new Error(`${user} has no Home yet`);
    return shown;
  };

  return {
    click({ user, message, button, nth, forge = {} }) {
      refuseUnseen(situation, message, user);
      const pressed = findButton(message, button, nth);
      return interaction(payloads.clickPayload(situation, user, message, pressed, forge), forge);
    },
    clickInModal({ view, button, values = {}, forge = {} }) {
      if (!workspace.modals.has(view.id)) throw new Error(`view ${view.id} is not open`);
      const state = inputValues(view, values, workspace, 'unsent');
      const field = dispatching(view.view, button);
      const action = field
        ? { type: field.element.type, ...idsOf(field), value: values[button] ?? '' }
        : payloads.actionPayload(situation, findButton(view.view, button));
      return interaction(payloads.viewClickPayload(situation, view, state, action, forge), forge);
    },
    slashCommand({ command = '/keyrotate', forge = {}, ...given }) {
      return form(payloads.slashCommandForm(situation, { ...given, command }, forge), forge);
    },
    appHomeOpened({ user, tab = 'home', forge = {} }) {
      const body = JSON.stringify(payloads.appHomeOpened(situation, user, tab, forge));
      return signedRequest(situation, 'application/json', body, forge);
    },
    clickInHome({ user, button, nth, forge = {} }) {
      const shown = homeOf(user);
      const pressed = findButton(shown.view, button, nth);
      return interaction(payloads.homePayload(situation, shown, pressed, forge), forge);
    },
    fillInHome({ user, label, given, forge = {} }) {
      const shown = homeOf(user);
      const filled = { ...findFillable(shown.view, label), given };
      return interaction(payloads.homePayload(situation, shown, filled, forge), forge);
    },
    write({ user, text, thread }) {
      const { clock } = situation;
      const dm = openDm(workspace, user);
      const ts = nextTs(workspace, clock);
      const message = { ts, channel: dm.id, user, text, blocks: [], ...(thread && { thread }) };
      dm.messages.push(message);
      return message;
    },
    sent({ message, retry, forge = {} }) {
      if (!workspace.bot.scopes.includes('im:history')) return undefined;
      // https://docs.slack.dev/apis/events-api/#retries
      const again = retry !== undefined && {
        ...{ 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' },
      };
      const body = JSON.stringify(payloads.messageEvent(situation, message, forge));
      const headers = { ...again, ...forge.headers };
      return signedRequest(situation, 'application/json', body, { ...forge, headers });
    },
    submit({ view, values = {}, forge = {} }) {
      if (!workspace.modals.has(view.id)) throw new Error(`view ${view.id} is not open`);
      const state = inputValues(view, values, workspace);
      return interaction(payloads.viewSubmission(situation, state, view, forge), forge);
    },
  };
}

/** https://docs.slack.dev/reference/block-kit/blocks/input-block: `dispatch_action` */
function dispatching({ blocks }: Modal, label: string): InputBlock | undefined {
  return blocks.find(
    (block): block is InputBlock =>
      block.type === 'input' && block.dispatch_action === true && block.label.text === label,
  );
}

function idsOf({ block_id, element }: InputBlock) {
  return { block_id, action_id: 'action_id' in element ? element.action_id : undefined };
}

/** Nobody presses what they do not see: deleted messages, other people's, other channels'. */
function refuseUnseen({ workspace }: payloads.Situation, { channel, ts, text }: Message, user: string): void {
  const live = findMessage(workspace, channel, ts);
  if (!live) throw new Error(`no message ${ts} in ${channel}`);
  if (live.deleted) throw new Error(`message ${ts} is deleted: “${text}”`);
  if (live.ephemeralTo && live.ephemeralTo !== user)
    throw new Error(`only ${live.ephemeralTo} sees message ${ts}`);
  if (!workspace.channels.get(channel)?.members.includes(user))
    throw new Error(`${user} is not in ${channel}`);
}
