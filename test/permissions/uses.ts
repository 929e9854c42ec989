// Which right a function used, and while it did what.
import { ACT_ROLE, READ_ROLE } from '../../src/adapters/aws/member-roles.ts';
import { MOVE_NAMES } from '../../src/domain/transitions.ts';
import type { Command, WorkerJob } from '../../src/usecases/jobs.ts';
import { queuedJob } from '../queued-job.ts';
import type { FunctionName } from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Decision } from '../sandbox/servers/aws/decisions.ts';
import type { Permission } from '../sandbox/servers/aws/service.ts';

/** A function's role, or one of another account that a function has assumed. */
export type Actor = FunctionName | typeof READ_ROLE | typeof ACT_ROLE;

export interface Use extends Permission {
  function: Actor;
  mode: Mode;
  /** What the function was at; for what Lambda does in its name, `BY_LAMBDA`. */
  during: string;
}

export const BY_LAMBDA = 'Lambda itself';

/** The kinds of job that are neither a press nor a command. The compiler asks for each. */
export const JOBS: Record<Exclude<WorkerJob['kind'], 'click' | 'command'>, string> = {
  show: '*Open* and *Show*',
  remind: 'reminders',
  tellAdmins: 'what admins are told',
  redrawList: 'lists for admins',
  inspect: 'looks at a user',
  recordSweep: 'the figures of a sweep',
  recordRefusedSweep: 'a sweep that was refused',
  recordUse: 'the use a sweep saw',
  admitReaders: 'who may read secrets',
  readPeople: 'the members of the workspace',
  summarize: 'the weekly summary',
  watchHealth: 'the watch over keyrotate itself',
};

export const COMMANDS: Record<Command['name'], string> = {
  help: '`/keyrotate help`',
  home: 'Home',
  talk: 'answers to what people write',
  keys: '`/keyrotate`',
  status: '`/keyrotate status`',
  summary: '`/keyrotate summary`',
  summaryList: '*See who* and *See all* in the summary',
  summaryTable: '`/keyrotate summary csv`',
  sweep: '`/keyrotate sweep`',
  check: '`/keyrotate check`',
  redrive: '`/keyrotate redrive`',
  list: '`/keyrotate list`',
  rotate: '`/keyrotate rotate`',
  show: '`/keyrotate show`',
  history: '`/keyrotate history`',
  how: '`/keyrotate how`, *Show me how*',
  assign: '`/keyrotate assign`',
  unassign: '`/keyrotate unassign`',
  owners: '`/keyrotate owners`',
  mendPlan: '*Back* to the form for owners',
  ownersTable: '*Get them as CSV*',
  planOwners: 'rules for owners',
  planPicked: 'owners that are picked',
  assignOwners: '*Assign these*',
  nudge: '*Nudge*',
  handOver: '*Hand over*',
  pressMany: '*Create … new keys* and *None of these is needed*',
  deleteSecrets: '*Delete these secrets*',
};

/** What a press for more time becomes in the worker when it asks for more than the owner may take. */
const NEVER_PRESSED = 'askForTime';

export const PRESSES = MOVE_NAMES.filter((move) => move !== NEVER_PRESSED).map(pressOf);

/** Everything the worker can be at. */
export const WORKER_OCCASIONS = [...PRESSES, ...Object.values(COMMANDS), ...Object.values(JOBS)];

/** Puts itself around the functions; what it returns tells what they used since. They run one after the other. */
export function watch(sandbox: Sandbox, mode: Mode): () => Use[] {
  const { functions, aws } = sandbox;
  const uses: Use[] = [];
  for (const name of Object.keys(functions) as FunctionName[]) {
    const { invoke, ...rest } = functions[name];
    functions[name] = {
      ...rest,
      async invoke(event, options) {
        const before = aws.decisions.length;
        try {
          return await invoke(event, options);
        } finally {
          const made = aws.decisions
            .slice(before)
            .filter(({ role }) => [name, READ_ROLE, ACT_ROLE].includes(role));
          uses.push(...made.map((decision) => useOf(decision, mode, occasion(name, event, sandbox))));
        }
      },
    };
  }
  return () => uses;
}

/** What Lambda did in the functions' names before any of them ran. */
export function usedByLambda({ aws }: Sandbox, mode: Mode): Use[] {
  return aws.decisions.map((decision) => useOf(decision, mode, BY_LAMBDA));
}

function useOf({ role, action, resource }: Decision, mode: Mode, during: string): Use {
  return { function: role as Actor, action, resource, mode, during };
}

function occasion(name: FunctionName, event: unknown, sandbox: Sandbox): string {
  switch (name) {
    case 'slack':
      return 'every request';
    case 'scheduler':
      return `the ${(event as { task: string }).task}`;
    case 'sweeper':
      return 'the sweep';
    case 'worker':
      return jobOf(queuedJob((event as { Records: { body: string }[] }).Records[0]?.body ?? '', sandbox));
  }
}

function jobOf(job: WorkerJob): string {
  if (job.kind === 'click') return pressOf(job.move);
  return job.kind === 'command' ? COMMANDS[job.command.name] : JOBS[job.kind];
}

function pressOf(move: string): string {
  return `*${move}*`;
}
