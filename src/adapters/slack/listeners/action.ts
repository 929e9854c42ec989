// A button was pressed, or an entry of a menu chosen: a job on the clicks queue, or first a form to fill in.
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import { isFormMove } from '../../../domain/moves/rows.ts';
import type { Command, WorkerJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { buildForm, buildHandOverForm, type Form } from '../blocks/forms.ts';
import type { ButtonMeaning } from '../blocks/press.ts';
import { type FormPorts, openForm } from './open-form.ts';
import { type ReceivedPress, readPress } from './read-press.ts';

export interface ActionPorts extends FormPorts, Pick<Ports, 'accounts' | 'policy' | 'now'> {
  jobs: Pick<Ports['jobs'], 'put'>;
  accountName(account: string): string | undefined;
}

/** Buttons that ask for nothing, such as links, and anything unreadable are acknowledged and left at that. */
export function handleAction(ports: ActionPorts) {
  const listener: Middleware<SlackActionMiddlewareArgs<BlockAction>> = async ({ ack, body }) => {
    const press = readPress(body);
    const form = press && formFor(press, ports);
    if (form) await openForm(form, press, ports);
    else if (press && press.asked.kind !== 'handOver')
      await ports.jobs.put('clicks', [jobFor(press.asked, press)]);
    else ports.log.warn('slack.noMove');
    await ack();
  };
  return listener;
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
  { target, triggerId, personId, place }: Omit<ReceivedPress, 'asked'>,
): WorkerJob {
  const command = (what: Command): WorkerJob => ({
    ...{ kind: 'command', id: `command/${triggerId}` },
    ...{ command: what, personId, place },
  });
  switch (asked.kind) {
    case 'move': {
      const { move, insist } = asked;
      return { kind: 'click', id: `click/${triggerId}`, ...target, move, insist, personId, place };
    }
    case 'show':
      return { kind: 'show', id: `show/${triggerId}`, ...target, personId, place };
    case 'assign':
      return command({ name: 'assign', target, to: asked.to });
    case 'nudge': {
      const { matter, mark } = asked;
      return command({ name: 'nudge', row: { of: target, matter, mark } });
    }
  }
}
