// A button was pressed, or an entry of a menu chosen: a job on the clicks queue, or first a form to fill in.
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { isFormMove } from '../../../domain/moves/rows.ts';
import { OutsideError } from '../../../usecases/errors.ts';
import type { ClickJob, CommandJob, ShowJob, SlackPlace } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { PressPayload } from '../answered.ts';
import { buildForm, buildHandOverForm, type Form } from '../blocks/forms.ts';
import { saying } from '../blocks/parts.ts';
import { type ButtonMeaning, readPressed } from '../blocks/press.ts';
import { isResponseUrl, respond } from '../private-answers.ts';
import { FORM_NOT_OPENED } from '../wording/shared/form-text.ts';
import { queuePress } from './queue-press.ts';

export interface ActionPorts extends Pick<Ports, 'accounts' | 'policy' | 'now' | 'log'> {
  jobs: Pick<Ports['jobs'], 'put'>;
  accountName(account: string): string | undefined;
  /** Throws OutsideError. */
  openForm(triggerId: string, view: ModalView): Promise<void>;
  /** Another server in Slack's place. */
  responseUrlBase?: string | undefined;
}

/** What is asked for, about which IAM user, by whom, and where to answer. */
interface ReceivedPress {
  asked: ButtonMeaning;
  target: IamUserId;
  triggerId: string;
  personId: string;
  place: SlackPlace;
}

/** Slack waits three seconds, and opening the form may have taken most of them. */
const RESPOND_WITHIN_MS = 800;

/** Buttons that ask for nothing, such as links, and anything unreadable are acknowledged and left at that. */
export function handleAction(ports: ActionPorts): Middleware<SlackActionMiddlewareArgs<BlockAction>> {
  return async ({ ack, body }) => {
    const press = readPress(body);
    const form = press && formFor(press, ports);
    if (form) await openForm(form, press, ports);
    else if (press && press.asked.kind !== 'handOver') await queuePress(jobFor(press.asked, press), ports);
    else ports.log.warn('slack.noMove');
    await ack();
  };
}

/** undefined where there is nothing to fill in; of an account that is not watched the worker says so. */
function formFor({ asked, target: user, place }: ReceivedPress, ports: ActionPorts): Form | undefined {
  if (asked.kind === 'handOver') return buildHandOverForm({ ...asked, of: user }, place);
  if (asked.kind !== 'move' || asked.insist || !isFormMove(asked.move)) return undefined;
  const { account } = user;
  if (!ports.accounts.includes(account)) return undefined;
  const { postponeDays } = ports.policy(account);
  const accountName = ports.accountName(account);
  return buildForm(asked.move, { user, accountName, place, postponeDays, now: ports.now() });
}

/** Slack gives each press a trigger of its own. */
function jobFor(
  asked: Exclude<ButtonMeaning, { kind: 'handOver' }>,
  { target, triggerId, personId, place }: ReceivedPress,
): ClickJob | CommandJob | ShowJob {
  const asker = { personId, place };
  const command = { kind: 'command' as const, id: `command/${triggerId}`, ...asker };
  switch (asked.kind) {
    case 'move':
      return { ...asked, kind: 'click', id: `click/${triggerId}`, ...target, ...asker };
    case 'show':
      return { kind: 'show', id: `show/${triggerId}`, ...target, ...asker };
    case 'assign':
      return { ...command, command: { name: 'assign', target, to: asked.to } };
    case 'deleteSecrets':
      return { ...command, command: { name: 'deleteSecrets', count: asked.count } };
    case 'nudge': {
      const { matter, mark } = asked;
      return { ...command, command: { name: 'nudge', row: { of: target, matter, mark } } };
    }
  }
}

/** undefined for what asks for nothing, such as links, and for anything unreadable. */
function readPress(body: unknown): ReceivedPress | undefined {
  const { data } = PressPayload.safeParse(body);
  if (!data) return undefined;
  const [action] = data.actions;
  const pressed = readPressed({ ...action, selected_option: action.selected_option ?? undefined });
  if (!pressed) return undefined;
  const { channel_id, message_ts } = data.container;
  const { drawing, ...target } = pressed.target;
  return {
    asked: pressed.asked,
    target,
    triggerId: data.trigger_id,
    personId: data.user.id,
    place: {
      channel: channel_id,
      ...(message_ts !== undefined && { ts: message_ts }),
      ...(drawing !== undefined && { drawing }),
      ...(data.response_url !== undefined && { responseUrl: data.response_url }),
    },
  };
}

/** Never throws for a form that does not open: the person is told to press again. */
async function openForm(form: ModalView, press: ReceivedPress, ports: ActionPorts): Promise<void> {
  const { asked, target, triggerId, personId } = press;
  const { account, userName } = target;
  try {
    await ports.openForm(triggerId, form);
  } catch (error) {
    const move = asked.kind === 'move' ? asked.move : asked.kind;
    ports.log.warn('slack.formNotOpened', { account, userName, move, personId, error });
    await sayNotOpened(press, ports);
  }
}

/** Only through the press's own address: there is no time for another way. */
async function sayNotOpened({ place, personId }: ReceivedPress, ports: ActionPorts): Promise<void> {
  const url = place.responseUrl;
  if (!isResponseUrl(url, ports.responseUrlBase)) return;
  try {
    await respond(url, saying(FORM_NOT_OPENED), RESPOND_WITHIN_MS);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    ports.log.warn('slack.notTold', { personId, error });
  }
}
