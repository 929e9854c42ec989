// A button was pressed, or an entry of a menu chosen: a job on the clicks queue, or first a form to fill in.
import type { BlockAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type FormMove, isFormMove } from '../../../domain/moves/rows.ts';
import type { WorkerJob } from '../../../usecases/jobs.ts';
import type { Ports } from '../../../usecases/ports.ts';
import { type FormPorts, openForm } from './open-form.ts';
import { type ReceivedPress, readPress } from './read-press.ts';

export interface ActionPorts extends FormPorts, Pick<Ports, 'accounts'> {
  jobs: Pick<Ports['jobs'], 'put'>;
}

/** Buttons that ask for nothing, such as links, and anything unreadable are acknowledged and left at that. */
export function handleAction(ports: ActionPorts) {
  const listener: Middleware<SlackActionMiddlewareArgs<BlockAction>> = async ({ ack, body }) => {
    const press = readPress(body);
    const form = press && formFor(press, ports);
    if (form) await openForm(form, press, ports);
    else if (press) await ports.jobs.put('clicks', [jobFor(press)]);
    else ports.log.warn('slack.noMove');
    await ack();
  };
  return listener;
}

/** undefined where there is nothing to fill in; of an account that is not watched the worker says so. */
function formFor({ asked, target }: ReceivedPress, { accounts }: ActionPorts): FormMove | undefined {
  if (asked.kind !== 'move' || asked.insist || !isFormMove(asked.move)) return undefined;
  return accounts.includes(target.account) ? asked.move : undefined;
}

/** Slack gives each press a trigger of its own. */
function jobFor({ asked, target, triggerId, personId, place }: ReceivedPress): WorkerJob {
  switch (asked.kind) {
    case 'move': {
      const { move, insist } = asked;
      return { kind: 'click', id: `click/${triggerId}`, ...target, move, insist, personId, place };
    }
    case 'show':
      return { kind: 'show', id: `show/${triggerId}`, ...target, personId, place };
    case 'assign': {
      const command = { name: 'assign' as const, target, to: asked.to };
      return { kind: 'command', id: `command/${triggerId}`, command, personId, place };
    }
  }
}
