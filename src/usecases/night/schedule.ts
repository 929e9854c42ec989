// What the schedules set off: the tick, the sweeps, the summary. Each only queues jobs.
import { type IamUserId, nameOf } from '../../domain/iam-user.ts';
import type { Instant } from '../../domain/time.ts';
import { dueInspection, type SweepJob } from '../jobs.ts';
import type { Ports, UserLists } from '../ports.ts';

/** The schedules' tasks. */
export type Task = 'tick' | 'sweep' | 'summary' | 'check';

/** More than this in one tick waits for the next: a tick must end well before it. */
const USERS_PER_TICK = 2000;

type SchedulePorts = Pick<Ports, 'accounts' | 'jobs' | 'log' | 'now'> & { users: UserLists };

/** `scheduledFor`: so that a task which comes twice, as it may, is one. */
export async function runTask(
  task: Task,
  ports: SchedulePorts,
  scheduledFor = new Date(ports.now()).toISOString(),
): Promise<void> {
  if (task === 'tick') return tick(ports);
  const id = `${task}@${scheduledFor}`;
  if (task === 'sweep') return startSweeps(id, ports);
  if (task === 'summary') return ports.jobs.put([{ kind: 'summarize', id }]);
  await ports.jobs.put([{ kind: 'watchHealth', id }]);
  ports.log.info('check.queued');
}

/** Has every user looked after for whom something has come due, the oldest keys first: not all may be brought up on one day. */
async function tick({ accounts, users, jobs, log, now }: SchedulePorts): Promise<void> {
  const at = now();
  const all: (IamUserId & { keyCreatedAt?: Instant })[] = [];
  for await (const due of users.dueBy(at)) {
    // Users of an account that may no longer be touched stay due for ever, and must not crowd out the others.
    if (accounts.includes(due.account)) all.push(due);
    if (all.length === USERS_PER_TICK) break;
  }
  all.sort((a, b) => (a.keyCreatedAt ?? 0) - (b.keyCreatedAt ?? 0));
  // The time is in the id so that a job which failed is not taken for a duplicate by the next tick.
  const inspections = all.map((due) => dueInspection(due, `tick/${nameOf(due)}@${at}`));
  if (inspections.length > 0) await jobs.put(inspections);
  log.info('tick.done', { count: inspections.length });
}

/** One walk per account; and the members of the workspace, whom the next walks compare with. */
export async function startSweeps(
  id: string,
  { accounts, jobs }: Pick<Ports, 'accounts' | 'jobs'>,
  over: Pick<SweepJob, 'everybody'> = {},
): Promise<void> {
  await jobs.sweep(accounts.map((account): SweepJob => ({ kind: 'sweep', id, account, ...over })));
  await jobs.put([{ kind: 'readPeople', id: `${id}/people` }]);
}
