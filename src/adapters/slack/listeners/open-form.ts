// Opens the form that a move needs, while its trigger lasts: no look-ups.
import type { ModalView } from '@slack/types';
import { OutsideError } from '../../../usecases/errors.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { section } from '../blocks/parts.ts';
import { isResponseUrl, respond, SLACK_RESPONSE_URLS } from '../response-url.ts';
import { FORM_NOT_OPENED } from '../wording/shared/form-text.ts';
import type { ReceivedPress } from './read-press.ts';

/** Slack waits three seconds, and opening the form may have taken most of them. */
const RESPOND_WITHIN_MS = 800;

export interface FormPorts extends Pick<Ports, 'log'> {
  /** Throws OutsideError. */
  openForm(triggerId: string, view: ModalView): Promise<void>;
  /** Another server in Slack's place. */
  responseUrlBase?: string | undefined;
}

/** Never throws for a form that does not open: the person is told to press again. */
export async function openForm(form: ModalView, press: ReceivedPress, ports: FormPorts): Promise<void> {
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
async function sayNotOpened({ place, personId }: ReceivedPress, ports: FormPorts): Promise<void> {
  const { responseUrlBase = SLACK_RESPONSE_URLS, log } = ports;
  const url = place.responseUrl;
  if (!isResponseUrl(url, responseUrlBase)) return;
  const answer = { text: FORM_NOT_OPENED, blocks: [section(FORM_NOT_OPENED)] };
  try {
    await respond(url, answer, RESPOND_WITHIN_MS);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    log.warn('slack.notTold', { personId, error });
  }
}
