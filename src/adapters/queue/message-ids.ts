// Which jobs wait for one another, and which are one and the same, in the words that SQS allows.
import { createHash } from 'node:crypto';
import { nameOf } from '../../domain/iam-user.ts';
import type { CommandJob, WorkerJob } from '../../usecases/jobs.ts';

/** Jobs of one group are done one after the other. */
export function groupOf(job: WorkerJob): string {
  switch (job.kind) {
    case 'click':
    case 'show':
    case 'inspect':
      return fitting(`user/${nameOf(job)}`);
    case 'recordSweep':
      return fitting(`sweep/${job.figures.account}`);
    case 'recordRefusedSweep':
      return fitting(`sweep/${job.refused.account}`);
    case 'recordUse':
      return fitting(`use/${job.account}/${job.shard}`);
    case 'admitReaders':
      return fitting(`readers/${job.account}`);
    case 'readPeople':
      return 'people';
    case 'remind':
      return fitting(`owner/${job.ownerId}`);
    case 'summarize':
      return 'summary';
    case 'watchHealth':
      return 'health';
    case 'tellAdmins':
    case 'redrawList':
      return 'admins';
    case 'command':
      return fitting(groupOfCommand(job));
  }
}

/**
 * Of two hand-overs of one IAM user the later one holds, also when the first has to come again. Those of others go on.
 * What walks over whole accounts is done one after the other for each person: anybody may type it, as often as they like.
 */
function groupOfCommand({ id, command, personId }: CommandJob): string {
  switch (command.name) {
    case 'home':
      return `home/${personId}`;
    case 'keys':
    case 'list':
    case 'rotate':
    case 'sweep':
      return `walk/${personId}`;
    case 'redrive':
      return command.name;
    case 'assign':
    case 'unassign':
      // IAM takes a name in any case of letters.
      return `assign/${command.target.userName.toLowerCase()}`;
    case 'handOver':
      return `assign/${command.row.of.userName.toLowerCase()}`;
    case 'deleteSecrets':
      return 'secrets';
    default:
      return `command/${id}`;
  }
}

/** SQS remembers it for five minutes, and drops a second message that bears it. */
export function deduplicationOf(job: WorkerJob): string {
  return fitting(job.id);
}

const HASHED = 'sha256:';

/** Itself where SQS takes it, else its hash. Two texts never become one. */
function fitting(text: string): string {
  const fits = /^[!-~]{1,128}$/.test(text) && !text.startsWith(HASHED);
  return fits ? text : HASHED + createHash('sha256').update(text).digest('hex');
}
