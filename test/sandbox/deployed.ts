// An AWS account with keyrotate deployed in it, as serverless.yml has it: table, queues, roles, and the functions between them.

import type { Clock } from './clock.ts';
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from './deployment/cloudformation.ts';
import { deliverTo, type Functions, type Impatience, startFunctions } from './deployment/functions.ts';
import type { LambdaSettings } from './deployment/lambda.ts';
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
import { IS_OF_MEMBER, SANDBOX_ORG } from './members.ts';
import { type AwsParts, awsBackend } from './servers/aws/backend.ts';
import type { Decision } from './servers/aws/decisions.ts';
import { startDynamo } from './servers/aws/dynamodb.ts';
import { actFor, burying, logging, polling } from './servers/aws/execution-role.ts';
import { type Iam, iamService } from './servers/aws/iam.ts';
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
import { stsService } from './servers/aws/sts.ts';
import { startWire, type Wire } from './servers/wire.ts';

interface Place {
  account: string;
  region: string;
}

/** Services that are not make-believe: their calls are decided by the functions' roles, and go on to somebody else. */
export type Elsewhere = (iam: Iam) => Pick<AwsParts, 'services' | 'forward'>;

export interface DeployedOptions extends Pick<LambdaSettings, 'stdout'> {
  clock: Clock;
  mode: Mode;
  impatience?: Impatience;
  /** What `--param` would pass, and what stands in the shell. */
  params?: Record<string, string>;
  env?: Record<string, string>;
  /** What the functions see besides. */
  environment?: Record<string, string>;
  /** A server in Slack's place. */
  slackUrl?: string;
  place?: Place;
  /** Other accounts, with an IAM and a vault of their own. */
  members?: readonly Place[];
  elsewhere?: Elsewhere;
  /** Puts into the account what is there before keyrotate is. */
  furnish?(aws: Aws, environment: Record<string, string>): Promise<void>;
}

export type Aws = Awaited<ReturnType<typeof startAws>>;
export type Deployed = Awaited<ReturnType<typeof startDeployed>>;

const SANDBOX_PLACE: Place = { account: SANDBOX_ACCOUNT, region: SANDBOX_REGION };

export async function startDeployed(options: DeployedOptions) {
  const { clock, mode, params = {}, env = {}, slackUrl, place = SANDBOX_PLACE, impatience, stdout } = options;
  const aws = await startAws(clock, place, options);
  const deployment: Deployment = { mode, sqsUrl: aws.wire.url, params, env, ...place };
  await aws.dynamo.createTable(readTable(deployment));
  for (const queue of byDeadLettersFirst(readQueues(deployment))) aws.addQueue(queue);
  const environment = { ...readEnvironment(deployment), ...options.environment };
  await options.furnish?.(aws, environment);
  aws.stacks.set('keyrotate-dev', readPhysicalIds(deployment));
  startRoles(aws, deployment, mode, place);
  const functions = await startFunctions({
    ...{ clock, environment, iam: aws.iam, region: place.region, awsUrl: aws.wire.url },
    ...(slackUrl && { slackUrl }),
    ...(impatience && {
      impatience: {
        ...impatience,
        whenHopeless(then: () => void) {
          impatience.whenHopeless(then);
          aws.wire.whenHopeless(then);
        },
      },
    }),
    ...(stdout && { stdout }),
  });
  return {
    aws,
    environment,
    functions,
    queues: deliverTo(functions, readQueues(deployment), aws.sqs, clock),
    refuseUngranted: () => refuseUngranted(aws.decisions, functions),
    /** Throws as `refuseUngranted` does. */
    async close() {
      await Promise.all([aws.wire.close(), aws.dynamo.close()]);
      refuseUngranted(aws.decisions, functions);
    },
  };
}

/**
 * Throws when a function tried what nobody granted it: its code may well cope, and hide that. An explicit deny is no such
 * thing, but the answer meant for protected users.
 */
function refuseUngranted(decisions: readonly Decision[], functions: Functions): void {
  const denied = decisions.filter(
    ({ role, verdict, isOwnersNo }) =>
      (role in functions || IS_OF_MEMBER.test(role)) && verdict === 'implicitDeny' && !isOwnersNo,
  );
  const told = denied.map(({ role, action, resource }) => `${role} lacks ${action} on ${resource}`);
  if (told.length > 0) throw new Error([...new Set(told)].join('\n'));
}

type Surrounded = Pick<DeployedOptions, 'elsewhere' | 'members'>;

async function startAws(
  clock: Clock,
  place: Place,
  { elsewhere = () => ({}), members: places = [] }: Surrounded,
) {
  const { iam, secrets } = accountAt(clock, place);
  const members = places.map((one) => accountAt(clock, one));
  const accounts = new Map(
    [{ iam, secrets, region: place.region }, ...members].map((one) => [one.iam.state.account, one]),
  );
  const sqs = sqsService(clock, { ...place, endpoint: () => wire.url });
  const dynamo = await startDynamo();
  const decisions: Decision[] = [];
  const kmsKeys: KmsKeys = new Map();
  const stacks = new Map<string, Map<string, string>>();
  const topics = new Map<string, number>();
  const idleSchedules = new Map<string, 'DISABLED' | 'gone'>();
  const { services = [], forward } = elsewhere(iam);
  const parts = {
    iam,
    services: [
      stsService(clock, () => [...accounts.values()].map((one) => one.iam)),
      ...[secrets, sqs, kmsService(kmsKeys), cloudFormationService(stacks)],
      ...[schedulerService(idleSchedules), snsService(topics), ...services],
    ],
    members: members.map((member) => ({ iam: member.iam, services: [member.secrets] })),
    forward: { dynamodb: dynamo.forward, ...forward },
    decisions,
  };
  const wire: Wire = await startWire(clock, awsBackend(clock, parts));
  return {
    wire,
    iam,
    secrets,
    /** All of them, by their numbers; the first is the one that keyrotate runs in. */
    accounts,
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

/** What every account has of its own. All are of one organisation. */
function accountAt(clock: Clock, { account, region }: Place) {
  const iam = iamService(clock, { account });
  iam.state.orgId = SANDBOX_ORG;
  const place = { account, region, resolvePrincipal: iam.resolvePrincipal };
  return { iam, secrets: secretsManagerService(clock, place), region };
}

/** What each function may do, and what Lambda does with that before any of them runs. */
function startRoles(aws: Aws, deployment: Deployment, mode: Mode, place: Place): void {
  const { custom } = readServerlessFile(deployment);
  const policies = readRolePolicies(mode, deployment);
  for (const name of Object.keys(policies) as FunctionName[]) {
    const { path, description } = readRole(name, deployment);
    aws.iam.addRole(name, policies[name], path, description);
    const functionName = `${custom.name}-${name}`;
    aws.asLambda(name, logging({ ...place, functionName }));
    const deadLetters = readDeadLettersOf(name, deployment);
    if (deadLetters) aws.asLambda(name, burying(deadLetters));
  }
  for (const { arn, wakes } of readQueues(deployment)) if (wakes) aws.asLambda(wakes.function, polling(arn));
}

function byDeadLettersFirst(queues: Queue[]): Queue[] {
  return [...queues].sort((a, b) => Number(a.redrive !== undefined) - Number(b.redrive !== undefined));
}
