// A button was pressed, or an entry of a menu chosen: it is queued, or first opens a form to fill in.
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { OutsideError } from '../../../usecases/errors.ts';
import type { SlackJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import type { Press } from '../asked/press.ts';
import { buildForm, buildHandOverForm, buildManyForm, type Form } from '../blocks/forms.ts';
import { saying } from '../blocks/parts.ts';
import { buildWaiting } from '../blocks/waiting-form.ts';
import { isResponseUrl, respond } from '../private-answers.ts';
import type { SlackRequest } from '../slack-request.ts';
import { FORM_NOT_OPENED } from '../wording/shared/form-text.ts';
import { type AskedPorts, asking, queuePress } from './asking.ts';

export interface ActionPorts extends AskedPorts, Pick<Ports, 'policy' | 'now'> {
  /** Throws OutsideError. */
  openForm(triggerId: string, view: ModalView): Promise<void>;
  /** Another server in Slack's place. */
  responseUrlBase?: string | undefined;
}

/** Slack waits three seconds, and opening the form may have taken most of them. */
const RESPOND_WITHIN_MS = 800;

/** Buttons that ask for nothing, such as links, and anything unreadable are acknowledged and left at that. */
export function handleAction(ports: ActionPorts): Middleware<SlackActionMiddlewareArgs<BlockAction>> {
  return async ({ ack, body, context }) => {
    const { asked, request } = asking(body, context, ports);
    if (asked.kind === 'form') await openForm(asked.press, ports);
    else if (asked.kind === 'job') await queueOrTell(request, asked.job, body.trigger_id, ports);
    else ports.log.warn('slack.noMove');
    await ack();
  };
}

/** A form that the worker is to fill must be open before: its trigger is good for three seconds. */
async function queueOrTell(
  request: SlackRequest,
  job: SlackJob,
  triggerId: string,
  ports: ActionPorts,
): Promise<void> {
  if (await opensWaiting(job, triggerId, ports)) await queuePress(request, job, ports);
  else await sayNotOpened(job, ports);
}

/** Whether the form that the job is to fill is open, where there is one. */
export async function opensWaiting(
  { place: { view }, personId }: SlackJob,
  triggerId: string,
  ports: Pick<ActionPorts, 'openForm' | 'log'>,
): Promise<boolean> {
  if (view?.external_id === undefined) return true;
  try {
    await ports.openForm(triggerId, buildWaiting(view.external_id));
    return true;
  } catch (error) {
    ports.log.warn('slack.formNotOpened', { move: 'owners', personId, error });
    return false;
  }
}

function formFor({ asked, target: user, place }: Press, ports: ActionPorts): Form {
  if (asked.kind === 'handOver') return buildHandOverForm({ ...asked, of: user }, place);
  const { accountName } = ports;
  if (asked.kind === 'many') return buildManyForm(asked, user, place, accountName);
  const { account } = user;
  return buildForm(asked, {
    user,
    accountName: accountName(account),
    place,
    policy: ports.policy(account),
    now: ports.now(),
  });
}

/** For a form that does not open the person is told to press again. In Home that cannot be said: there Slack marks the button. */
async function openForm(press: Press, ports: ActionPorts): Promise<void> {
  const { asked, target, triggerId, personId } = press;
  const { account, userName } = target;
  const form = formFor(press, ports);
  try {
    await ports.openForm(triggerId, form);
  } catch (error) {
    const move = asked.kind === 'move' ? asked.move : asked.kind;
    ports.log.warn('slack.formNotOpened', { account, userName, move, personId, error });
    if (press.place.home) throw error;
    await sayNotOpened(press, ports);
  }
}

/** Only through the press's own address: there is no time for another way. */
async function sayNotOpened(
  { place, personId }: Pick<Press, 'place' | 'personId'>,
  ports: ActionPorts,
): Promise<void> {
  const url = place.responseUrl;
  if (!isResponseUrl(url, ports.responseUrlBase)) return;
  try {
    await respond(url, saying(FORM_NOT_OPENED), RESPOND_WITHIN_MS);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    ports.log.warn('slack.notTold', { personId, error });
  }
}
