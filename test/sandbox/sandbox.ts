// A whole local workspace, Slack and AWS, around the bundled handlers: what demos and end-to-end tests are played on.
import manifest from '../../manifest.json' with { type: 'json' };
import { sandboxClock } from './clock.ts';
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './deployment/cloudformation.ts';
import { deliverTo, type Functions, startFunctions } from './deployment/functions.ts';
import {
  type FunctionName,
  type Queue,
  readDeadLettersOf,
  readEnvironment,
  readPhysicalIds,
  readQueues,
  readRole,
  readRolePolicies,
  readServerlessFile,
  readTable,
} from './deployment/serverless-file.ts';
import type { Deployment, Mode } from './deployment/serverless-yaml.ts';
import { foundOrganisation, seededUsers, seedIam } from './organisation.ts';
import { awsBackend } from './servers/aws/backend.ts';
import type { Decision } from './servers/aws/decisions.ts';
import { startDynamo } from './servers/aws/dynamodb.ts';
import { actFor, burying, logging, polling } from './servers/aws/execution-role.ts';
import { iamService } from './servers/aws/iam.ts';
import {
  cloudFormationService,
  type KmsKeys,
  kmsService,
  schedulerService,
  snsService,
} from './servers/aws/operator-services.ts';
import { secretsManagerService } from './servers/aws/secrets-manager.ts';
import type { Permission } from './servers/aws/service.ts';
import { sqsService } from './servers/aws/sqs.ts';
import { people as slackPeople } from './servers/slack/people.ts';
import { slackBackend } from './servers/slack/web-api.ts';
import { createWorkspace } from './servers/slack/workspace.ts';
import { startWire, type Wire } from './servers/wire.ts';

export const SIGNING_SECRET = '5a9d3b0c5a9d3b0c5a9d3b0c5a9d3b0c';
export const READER_ROLE = 'key-readers';

export interface SandboxOptions {
  mode?: Mode;
  start?: Date;
  /** What an operator would set besides: policy, readers, another owner tag. */
  params?: Record<string, string>;
  seed?: 'organisation' | 'nobody';
  /**
   * Clients wait as long as they would in production. Otherwise nobody sits through the pause before their next try, or
   * waits for an answer that will not come.
   */
  isPatient?: boolean;
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** A Monday morning, 83 days after the demo's key was made. */
const START = new Date('2026-11-16T09:00:00Z');

/** A limit on waiting is a round number; how long a client pauses before its next try is drawn by lot. */
function isPause(ms: number): boolean {
  return ms < 3000 && ms % 100 !== 0;
}

export async function startSandbox(options: SandboxOptions = {}) {
  const { mode = 'live', start = START, params = {}, seed = 'organisation', isPatient = false } = options;
  const clock = sandboxClock(start);
  // The bot may do what an installation of this very manifest may.
  const workspace = createWorkspace({ bot: { scopes: manifest.oauth_config.scopes.bot } });
  const organisation = foundOrganisation(workspace);
  const { people, adminChannel } = organisation;
  const slackWire = await startWire(clock, slackBackend(workspace, clock));
  const aws = await startAws(clock);
  const deployment = {
    mode,
    sqsUrl: aws.wire.url,
    params: { SECRET_READERS: `arn:aws:iam::${SANDBOX_ACCOUNT}:role/${READER_ROLE}`, ...params },
    env: {
      SLACK_TEAM_ID: workspace.team.id,
      SLACK_APP_ID: workspace.appId,
      ADMIN_CHANNEL: adminChannel,
      ADMINS: people.sam,
    },
  };
  await aws.dynamo.createTable(readTable(deployment));
  for (const queue of byDeadLettersFirst(readQueues(deployment))) aws.addQueue(queue);
  aws.iam.addRole(READER_ROLE, [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }]);
  aws.iam.addRole('administrator', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const environment = readEnvironment(deployment);
  await aws.putSlackSecret(environment.SLACK_SECRET_ID ?? '', {
    botToken: workspace.bot.token,
    signingSecret: SIGNING_SECRET,
  });
  if (seed === 'organisation') seedIam(aws.iam, clock, seededUsers(people), SANDBOX_REGION);

  aws.stacks.set('keyrotate-dev', readPhysicalIds(deployment));
  startRoles(aws, deployment, mode);
  const functions = await startFunctions({
    ...{ clock, environment, iam: aws.iam },
    ...{ awsUrl: aws.wire.url, slackUrl: slackWire.url },
    ...(!isPatient && {
      impatience: {
        isPause,
        whenHopeless(then) {
          for (const wire of [aws.wire, slackWire]) wire.whenHopeless(then);
        },
      },
    }),
  });
  return {
    clock,
    aws,
    slack: {
      workspace,
      wire: slackWire,
      people: slackPeople({ workspace, clock, signingSecret: SIGNING_SECRET, slackUrl: slackWire.url }),
    },
    organisation: { ...organisation, account: SANDBOX_ACCOUNT, region: SANDBOX_REGION },
    environment,
    functions,
    queues: deliverTo(functions, readQueues(deployment), aws.sqs, clock),
    /** Everything the functions have written to their logs. */
    logs: () => Object.values(functions).flatMap((fn) => fn.logs),
    /** Forgets every call and log so far: whoever plays for long need not remember it all. */
    forget() {
      for (const { forgetLogs } of Object.values(functions)) forgetLogs();
      aws.wire.forget();
      slackWire.forget();
    },
    refuseUngranted: () => refuseUngranted(aws.decisions, functions),
    /** Throws as `refuseUngranted` does. */
    async close() {
      await Promise.all([slackWire.close(), aws.wire.close(), aws.dynamo.close()]);
      refuseUngranted(aws.decisions, functions);
    },
  };
}

/**
 * Throws when a function tried what nobody granted it: its code may well cope, and hide that. An explicit deny is no such
 * thing, but the answer meant for protected users.
 */
function refuseUngranted(decisions: readonly Decision[], functions: Functions): void {
  const denied = decisions.filter(({ role, verdict }) => role in functions && verdict === 'implicitDeny');
  const told = denied.map(({ role, action, resource }) => `${role} lacks ${action} on ${resource}`);
  if (told.length > 0) throw new Error([...new Set(told)].join('\n'));
}

async function startAws(clock: ReturnType<typeof sandboxClock>) {
  const place = { account: SANDBOX_ACCOUNT, region: SANDBOX_REGION };
  const iam = iamService(clock, { account: SANDBOX_ACCOUNT });
  const secrets = secretsManagerService(clock, { ...place, resolvePrincipal: iam.resolvePrincipal });
  const sqs = sqsService(clock, { ...place, endpoint: () => wire.url });
  const dynamo = await startDynamo();
  const decisions: Decision[] = [];
  const kmsKeys: KmsKeys = new Map();
  const stacks = new Map<string, Map<string, string>>();
  const topics = new Map<string, number>();
  const idleSchedules = new Map<string, 'DISABLED' | 'gone'>();
  const parts = {
    iam,
    services: [
      ...[secrets, sqs, kmsService(kmsKeys), cloudFormationService(stacks)],
      ...[schedulerService(idleSchedules), snsService(topics)],
    ],
    forward: { dynamodb: dynamo.forward },
    decisions,
  };
  const wire: Wire = await startWire(clock, awsBackend(clock, parts));
  return {
    wire,
    iam,
    secrets,
    sqs,
    dynamo,
    kmsKeys,
    stacks,
    topics,
    idleSchedules,
    decisions,
    asLambda(role: FunctionName, permissions: Permission[]): void {
      const signer = iam.signerOf(iam.session(role, role).accessKeyId);
      if (signer) actFor(signer, permissions, decisions, sqs.resourcePolicy);
    },
    addQueue({ name, fifo, visibilitySeconds = 30, redrive, policy }: Queue): void {
      sqs.addQueue({
        name,
        fifo,
        visibilityTimeoutSeconds: visibilitySeconds,
        policy,
        ...(redrive && {
          redrive: {
            deadLetterQueueName: redrive.deadLetterArn.split(':').at(-1) ?? '',
            maxReceiveCount: redrive.maxReceiveCount,
          },
        }),
      });
    },
    /** What the operator does by hand: once, and again when Slack gave out new ones. */
    async putSlackSecret(name: string, value: Record<string, string>): Promise<void> {
      const operator = {
        kind: 'role',
        accessKeyId: '',
        ...place,
        arn: '',
        principalArn: '',
        userId: '',
      } as const;
      const stored = { SecretString: JSON.stringify(value), ClientRequestToken: crypto.randomUUID() };
      if (secrets.state.secrets.has(name))
        secrets.actions.PutSecretValue?.({ ...stored, SecretId: name }, operator);
      else secrets.actions.CreateSecret?.({ ...stored, Name: name }, operator);
    },
  };
}

/** What each function may do, and what Lambda does with that before any of them runs. */
function startRoles(aws: Awaited<ReturnType<typeof startAws>>, deployment: Deployment, mode: Mode): void {
  const { custom } = readServerlessFile(deployment);
  const policies = readRolePolicies(mode, deployment);
  for (const name of Object.keys(policies) as FunctionName[]) {
    const { path, description } = readRole(name, deployment);
    aws.iam.addRole(name, policies[name], path, description);
    const functionName = `${custom.name}-${name}`;
    aws.asLambda(name, logging({ account: SANDBOX_ACCOUNT, region: SANDBOX_REGION, functionName }));
    const deadLetters = readDeadLettersOf(name, deployment);
    if (deadLetters) aws.asLambda(name, burying(deadLetters));
  }
  for (const { arn, wakes } of readQueues(deployment)) if (wakes) aws.asLambda(wakes.function, polling(arn));
}

function byDeadLettersFirst(queues: Queue[]): Queue[] {
  return [...queues].sort((a, b) => Number(a.redrive !== undefined) - Number(b.redrive !== undefined));
}
