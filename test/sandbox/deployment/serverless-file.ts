// Reads serverless.yml the way the deployment would, so that the sandbox runs what is deployed and not a copy of it.
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Alarm } from '../servers/aws/cloudwatch-alarms.ts';
import type { PolicyDocument, PolicyStatement } from '../servers/aws/service.ts';
import { evaluate, type Resource, type Stack, stackOf, type Template } from './cloudformation.ts';
import { type Deployment, type Mode, readServerlessYaml } from './serverless-yaml.ts';

export type FunctionName = 'slack' | 'worker' | 'sweeper' | 'scheduler';

/** A queue, and the function it wakes unless it is a dead-letter queue. */
export interface Queue {
  name: string;
  arn: string;
  url: string;
  fifo: boolean;
  /** Undefined for SQS's own 30 seconds. */
  visibilitySeconds: number | undefined;
  /** Undefined for SQS's own four days. */
  retentionSeconds: number | undefined;
  isEncrypted: boolean;
  policy: PolicyDocument | undefined;
  redrive: { deadLetterArn: string; maxReceiveCount: number } | undefined;
  wakes:
    | {
        function: FunctionName;
        batchSize: number;
        reportsItemFailures: boolean;
        /** How many containers at once; as many as there are, where it is not said. */
        maximumConcurrency?: number;
      }
    | undefined;
}

export interface Schedule {
  function: FunctionName;
  rate: string;
  input: Record<string, unknown>;
  /** The queue for what could not even be started: its ARN. */
  deadLetterArn: string | undefined;
}

interface SqsEvent {
  arn: unknown;
  batchSize: number;
  functionResponseType?: string;
  /** A text where a setting says it. */
  maximumConcurrency?: number | string;
}

interface ScheduleEvent {
  rate: string[];
  input: Record<string, unknown>;
}

export interface DeployedFunction {
  handler: string;
  role: string;
  timeout: number;
  memorySize: number;
  /** Where Lambda puts an event that the function failed at for good, if nobody waited for its answer. */
  onError?: unknown;
  events: { sqs?: SqsEvent; schedule?: ScheduleEvent; httpApi?: string }[];
}

/** serverless.yml with its variables filled in; CloudFormation's functions still stand. */
interface ServerlessFile {
  provider: { runtime: string; architecture: string; environment: Record<string, unknown> };
  functions: Record<FunctionName, DeployedFunction>;
  custom: { name: string; esbuild: Record<string, unknown>; deployment: Record<string, string> };
  resources: Partial<Template>[];
}

export function readServerlessFile(deployment: Deployment = {}): ServerlessFile {
  return readServerlessYaml(deployment) as ServerlessFile;
}

/** The environment every function gets. */
export function readEnvironment(deployment: Deployment = {}): Record<string, string> {
  const { file, stack } = readStack(deployment);
  const values = Object.entries(file.provider.environment);
  return Object.fromEntries(values.map(([name, value]) => [name, String(evaluate(value, stack))]));
}

/** The table, as far as creating it goes. One that is taken over was made by an earlier stack, in the same way. */
export function readTable(deployment: Deployment = {}): CreateTableCommandInput {
  const { stack } = readStack({ ...deployment, params: { ...deployment.params, TABLE_NAME: '' } });
  const [table] = ofType('AWS::DynamoDB::Table', stack);
  if (table === undefined) throw new Error('serverless.yml has no table');
  const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = evaluate(
    table.Properties,
    stack,
  ) as CreateTableCommandInput;
  const TableName = readEnvironment(deployment).TABLE_NAME;
  return { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };
}

export function readQueues(deployment: Deployment = {}): Queue[] {
  const { file, stack } = readStack(deployment);
  return Object.entries(stack.resources)
    .filter(([, resource]) => resource.Type === 'AWS::SQS::Queue')
    .map(([id, resource]) => {
      const properties = evaluate(resource.Properties, stack) as QueueProperties;
      const arn = evaluate({ 'Fn::GetAtt': [id, 'Arn'] }, stack) as string;
      const redrive = properties.RedrivePolicy;
      return {
        name: properties.QueueName,
        arn,
        url: evaluate({ Ref: id }, stack) as string,
        fifo: properties.FifoQueue === true,
        visibilitySeconds: properties.VisibilityTimeout,
        retentionSeconds: properties.MessageRetentionPeriod,
        isEncrypted: properties.SqsManagedSseEnabled === true,
        policy: policyOf(id, stack),
        redrive: redrive && {
          deadLetterArn: redrive.deadLetterTargetArn,
          maxReceiveCount: redrive.maxReceiveCount,
        },
        wakes: subscriber(arn, file, stack),
      };
    });
}

/** The queue for what a function failed at, started by a schedule: its ARN. */
export function readDeadLettersOf(name: FunctionName, deployment: Deployment = {}): string | undefined {
  const { file, stack } = readStack(deployment);
  return evaluate(file.functions[name].onError, stack) as string | undefined;
}

export function readSchedules(deployment: Deployment = {}): Schedule[] {
  const { file, stack } = readStack(deployment);
  const schedules = eventsOf(file).filter(({ event }) => event.schedule);
  return schedules.map(({ name, event }, i) => {
    // As the framework names them; what the file says of them besides is merged into that.
    const merged = stack.resources[`SchedulerSchedulerSchedule${i + 1}`]?.Properties;
    const { Target } = evaluate(merged ?? {}, stack) as { Target?: { DeadLetterConfig?: { Arn: string } } };
    return {
      function: name,
      rate: event.schedule?.rate[0] ?? '',
      input: event.schedule?.input ?? {},
      deadLetterArn: Target?.DeadLetterConfig?.Arn,
    };
  });
}

/** The alarms, each by its name in the template. */
export function readAlarms(deployment: Deployment = {}): Alarm[] {
  return alarmsOf(readStack(deployment).stack);
}

export function alarmsOf(stack: Stack): Alarm[] {
  return Object.entries(stack.resources)
    .filter(([, { Type }]) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type))
    .map(([name, { Properties }]) => ({ name, ...(evaluate(Properties, stack) as object) }) as Alarm);
}

/** The dashboard as CloudWatch would read it; throws where it is no JSON. */
export function dashboardOf(stack: Stack): unknown {
  const [dashboard] = ofType('AWS::CloudWatch::Dashboard', stack);
  const { DashboardBody } = evaluate(dashboard?.Properties, stack) as { DashboardBody: string };
  return JSON.parse(DashboardBody);
}

export function readDashboard(deployment: Deployment = {}): unknown {
  return dashboardOf(readStack(deployment).stack);
}

/** What each function's role may do. */
export function readRolePolicies(
  mode: Mode,
  deployment: Deployment = {},
): Record<FunctionName, PolicyStatement[]> {
  const { file, stack } = readStack({ ...deployment, mode });
  const functions = Object.entries(file.functions);
  return Object.fromEntries(functions.map(([name, { role }]) => [name, statementsOf(role, stack)])) as Record<
    FunctionName,
    PolicyStatement[]
  >;
}

/** What IAM shows of a role. */
export function readRole(
  name: FunctionName,
  deployment: Deployment = {},
): { path: string; description: string } {
  const { file, stack } = readStack(deployment);
  const { Path = '/', Description = '' } = Object(stack.resources[file.functions[name].role]?.Properties);
  return { path: String(evaluate(Path, stack)), description: String(evaluate(Description, stack)) };
}

/** What the table and the queues are called, by their logical ids. */
export function readPhysicalIds(deployment: Deployment = {}): Map<string, string> {
  const { stack } = readStack(deployment);
  const known = ['AWS::DynamoDB::Table', 'AWS::Scheduler::Schedule', 'AWS::SQS::Queue'];
  const ids = Object.keys(stack.resources).filter((id) => known.includes(stack.resources[id]?.Type ?? ''));
  return new Map(ids.map((id) => [id, String(evaluate({ Ref: id }, stack))]));
}

/** A role's inline policies and those attached to it by resources of their own, in force under the stack's conditions. */
export function statementsOf(role: string, stack: Stack): PolicyStatement[] {
  const inline = stack.resources[role]?.Properties as { Policies: { PolicyDocument: PolicyDocument }[] };
  const attached = ofType('AWS::IAM::Policy', stack)
    .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: PolicyDocument })
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role));
  const policies = [...inline.Policies, ...attached].map(({ PolicyDocument }) => PolicyDocument.Statement);
  return evaluate(policies.flat(), stack) as PolicyStatement[];
}

interface QueueProperties {
  QueueName: string;
  FifoQueue?: boolean;
  VisibilityTimeout?: number;
  MessageRetentionPeriod?: number;
  SqsManagedSseEnabled?: boolean;
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

function policyOf(queueId: string, stack: Stack): PolicyDocument | undefined {
  const policies = ofType('AWS::SQS::QueuePolicy', stack).map(
    ({ Properties }) => Properties as { Queues: { Ref: string }[]; PolicyDocument: PolicyDocument },
  );
  const own = policies.find(({ Queues }) => Queues.some(({ Ref }) => Ref === queueId));
  return own && (evaluate(own.PolicyDocument, stack) as PolicyDocument);
}

function readStack(deployment: Deployment): { file: ServerlessFile; stack: Stack } {
  const file = readServerlessFile(deployment);
  const template = {
    Conditions: Object.assign({}, ...file.resources.map((part) => part.Conditions)),
    Resources: Object.assign(madeByTheFramework(file), ...file.resources.map((part) => part.Resources)),
  };
  return { file, stack: stackOf(template, { name: file.custom.name, ...deployment }) };
}

/** What the framework adds to the template, as far as anything in it refers to that. */
function madeByTheFramework({ functions, custom }: ServerlessFile): Record<string, Resource> {
  const ofFunctions = Object.keys(functions).map((name) => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`,
    { Type: 'AWS::Lambda::Function', Properties: { FunctionName: `${custom.name}-${name}` } },
  ]);
  return { ...Object.fromEntries(ofFunctions), HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} } };
}

function ofType(type: string, stack: Stack): Resource[] {
  return Object.values(stack.resources).filter((resource) => resource.Type === type);
}

function subscriber(arn: string, file: ServerlessFile, stack: Stack): Queue['wakes'] {
  const found = eventsOf(file).find(({ event }) => event.sqs && evaluate(event.sqs.arn, stack) === arn);
  if (found?.event.sqs === undefined) return undefined;
  const { batchSize, functionResponseType, maximumConcurrency } = found.event.sqs;
  const reportsItemFailures = functionResponseType === 'ReportBatchItemFailures';
  return {
    function: found.name,
    batchSize,
    reportsItemFailures,
    ...(maximumConcurrency !== undefined && { maximumConcurrency: Number(maximumConcurrency) }),
  };
}

function eventsOf(file: ServerlessFile): { name: FunctionName; event: DeployedFunction['events'][number] }[] {
  const functions = Object.entries(file.functions) as [FunctionName, DeployedFunction][];
  return functions.flatMap(([name, { events }]) => events.map((event) => ({ name, event })));
}
