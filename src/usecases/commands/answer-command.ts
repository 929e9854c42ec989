// What `/keyrotate` sets going. Who asks is checked here, when acting; the payload is a hint.

import { ifFailed } from '../errors.ts';
import { askedHealth } from '../health/check-health.ts';
import type { Finding } from '../health/findings.ts';
import { showHome } from '../home/show-home.ts';
import { toldInHome } from '../home/told-in-home.ts';
import type { Command, CommandJob, CommandWord, Unclear } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import { startSweeps } from '../night/schedule.ts';
import { gatherSummary } from '../night/summarize.ts';
import type { Ports } from '../ports.ts';
import { adminOnly, memberOnly } from '../shared/authorize.ts';
import { standsBackFor } from '../shared/stands-back.ts';
import { answerList } from './answer-list.ts';
import { assignOwner, unassignOwner } from './assign-owner.ts';
import { assignOwners } from './assign-owners.ts';
import { deleteSecrets } from './delete-secrets.ts';
import { explain } from './explain.ts';
import { handOverRow } from './hand-over-row.ts';
import { nudgeOwner } from './nudge-owner.ts';
import { answerOwnersTable, ownerless } from './ownerless.ts';
import { mendPlan, planOwners, planPicked } from './plan-owners.ts';
import { pressMany } from './press-many.ts';
import { readStatus } from './read-status.ts';
import { rotateNow } from './rotate-now.ts';
import { showAsked } from './show-card.ts';
import { showHistory } from './show-history.ts';
import { showHow } from './show-how.ts';
import { usersOnList } from './summary-list.ts';
import { answerSummaryTable } from './summary-table.ts';

export async function answerCommand(job: CommandJob, ports: Ports): Promise<void> {
  const { command } = job;
  if (command.name === 'home') return showHome(job, command.look, ports);
  if (command.name === 'pressMany') return toldInHome((_, held) => pressMany(job, command, held))(job, ports);
  if (command.name === 'list') return answerList(job, command.slackId, ports);
  if (command.name === 'history')
    return toldInHome((_, held) => showHistory(job, command.target, held))(job, ports);
  if (command.name === 'how') return toldInHome((_, held) => showHow(job, command, held))(job, ports);
  if (command.name === 'rotate') return rotateNow(job, command, ports);
  const refusal = await (isOfOneself(command) ? memberOnly : adminOnly)(job.personId, ports);
  if (refusal) return refuse(job, refusal, ports);
  switch (command.name) {
    case 'help':
      return explain(job, command.unclear, ports);
    case 'talk':
      return ports.messenger.answerTalk(job, command.about, await readStatus(job.personId, ports));
    case 'keys':
      return answerKeys(job, ports);
    case 'status':
      return answerStatus(job, command.slackId, ports);
    case 'summary':
      return ports.messenger.answerSummary(job, await gatherSummary(ports));
    case 'summaryList':
      return ports.messenger.answerSummaryList(job, command.list, await usersOnList(command.list, ports));
    case 'summaryTable':
      return answerSummaryTable(job, ports);
    case 'sweep':
      return sweepNow(job, ports);
    case 'check':
      return ports.messenger.answerHealth(job, [...(await askedHealth(ports)), SIGNED]);
    case 'redrive':
      return ports.messenger.answerRedriven(job, await ports.deadLetters.redrive(job.askedAt));
    case 'show':
      return showAsked(job, command.target, ports);
    case 'assign':
      return assignOwner(job, command, ports);
    case 'unassign':
      return unassignOwner(job, command.target, ports);
    case 'owners':
      return ports.messenger.answerOwners(job, await ownerless(command, ports));
    case 'mendPlan':
      return mendPlan(job, command.planId, ports);
    case 'ownersTable':
      return answerOwnersTable(job, command.all === true, ports);
    case 'planOwners':
      return planOwners(job, command.rules, ports);
    case 'planPicked':
      return planPicked(job, command, ports);
    case 'assignOwners':
      return assignOwners(job, command.planId, ports);
    case 'nudge':
      return nudgeOwner(job, command.row, ports);
    case 'handOver':
      return handOverRow(job, command, ports);
    case 'deleteSecrets':
      return deleteSecrets(job, command.count, ports);
  }
}

function isOfOneself(command: Command): boolean {
  if (command.name === 'status') return command.slackId === undefined;
  if (command.name === 'help') return !isOfAdmins(command.unclear);
  return ['keys', 'talk'].includes(command.name);
}

const OF_ADMINS: readonly CommandWord[] = [
  ...(['show', 'assign', 'unassign', 'owners'] as const),
  ...(['summary', 'sweep', 'check', 'redrive'] as const),
];

/** How it is typed is of use to nobody else. */
function isOfAdmins(unclear: Unclear | undefined): boolean {
  return unclear !== undefined && 'word' in unclear && OF_ADMINS.includes(unclear.word);
}

/** What there is to do, or else all that they have. */
async function answerKeys(job: CommandJob, ports: Ports): Promise<void> {
  const [status, isAdmin] = await Promise.all([
    readStatus(job.personId, ports),
    // Only what is shown depends on it.
    ifFailed(ports.directory.isAdmin(job.personId), () => false),
  ]);
  const more = isAdmin ? ({ isAdmins: true } as const) : {};
  if (status.lines.length > 0) return ports.messenger.answerStatus(job, undefined, { ...status, ...more });
  return answerList(job, undefined, ports, more);
}

async function answerStatus(job: CommandJob, slackId: string | undefined, ports: Ports): Promise<void> {
  const status = await readStatus(slackId ?? job.personId, ports);
  return ports.messenger.answerStatus(job, slackId, status);
}

/** Slack signed what asks. */
const SIGNED: Finding = { check: 'slackSecret', state: 'fine' };

async function sweepNow(job: CommandJob, ports: Ports): Promise<void> {
  const first = await standsBackFor(ports.surroundings);
  if (first) return refuse(job, { kind: 'standsBack', deployment: first.name }, ports);
  await startSweeps(job.id, ports, { everybody: true });
  return ports.messenger.answerSweepStarted(job, ports.accounts);
}
