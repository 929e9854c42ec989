// Reads serverless.yml the way the deployment would, so that the sandbox runs what is deployed and not a copy of it.
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
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
}

interface SqsEvent {
  arn: unknown;
  batchSize: number;
  functionResponseType?: string;
  maximumConcurrency?: number;
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
        redrive: redrive && {
          deadLetterArn: redrive.deadLetterTargetArn,
          maxReceiveCount: redrive.maxReceiveCount,
        },
        wakes: subscriber(arn, file, stack),
      };
    });
}

export function readSchedules(deployment: Deployment = {}): Schedule[] {
  return eventsOf(readServerlessFile(deployment)).flatMap(({ name, event }) =>
    (event.schedule?.rate ?? []).map((rate) => ({
      function: name,
      rate,
      input: event.schedule?.input ?? {},
    })),
  );
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
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

function readStack(deployment: Deployment): { file: ServerlessFile; stack: Stack } {
  const file = readServerlessFile(deployment);
  const template = {
    Conditions: Object.assign({}, ...file.resources.map((part) => part.Conditions)),
    Resources: Object.assign({}, ...file.resources.map((part) => part.Resources)),
  };
  return { file, stack: stackOf(template, { name: file.custom.name, ...deployment }) };
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
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
  };
}

function eventsOf(file: ServerlessFile): { name: FunctionName; event: DeployedFunction['events'][number] }[] {
  const functions = Object.entries(file.functions) as [FunctionName, DeployedFunction][];
  return functions.flatMap(([name, { events }]) => events.map((event) => ({ name, event })));
}
