// The part of CloudFormation that turns a template's functions into names, for the few resources the sandbox knows.

export interface Resource {
  Type: string;
  Condition?: string;
  Properties: unknown;
}

export interface Template {
  Conditions: Record<string, unknown>;
  Resources: Record<string, Resource>;
}

/** A template as it stands in one account and region; resources whose condition fails are not there. */
export interface Stack {
  name: string;
  account: string;
  region: string;
  sqsUrl: string;
  conditions: Record<string, unknown>;
  resources: Record<string, Resource>;
}

export const SANDBOX_ACCOUNT = '111122223333';
export const SANDBOX_REGION = 'eu-central-1';

export function stackOf(
  template: Template,
  place: { name?: string; account?: string; region?: string; sqsUrl?: string } = {},
): Stack {
  const account = place.account ?? SANDBOX_ACCOUNT;
  const region = place.region ?? SANDBOX_REGION;
  const stack: Stack = {
    name: place.name ?? 'keyrotate-dev',
    account,
    region,
    sqsUrl: place.sqsUrl ?? `https://sqs.${region}.amazonaws.com`,
    conditions: template.Conditions,
    resources: template.Resources,
  };
  const present = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || evaluate(template.Conditions[Condition], stack),
  );
  return { ...stack, resources: Object.fromEntries(present) };
}

/** The value with every Ref and Fn:: worked out. Throws on a function or an attribute it does not know. */
export function evaluate(value: unknown, stack: Stack): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, stack));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, argument, stack);
  const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item, stack)]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function call(name: string, argument: unknown, stack: Stack): unknown {
  const list = argument as unknown[];
  switch (name) {
    case 'Ref':
      return reference(argument as string, stack);
    case 'Fn::GetAtt':
      return attribute(list[0] as string, list[1] as string, stack);
    case 'Fn::Sub':
      return Array.isArray(argument)
        ? substitute(list[0] as string, stack, list[1] as Record<string, unknown>)
        : substitute(argument as string, stack, {});
    case 'Fn::Equals':
      return evaluate(list[0], stack) === evaluate(list[1], stack);
    case 'Fn::And':
      return list.every((condition) => evaluate(condition, stack));
    case 'Fn::Not':
      return !evaluate(list[0], stack);
    case 'Fn::If':
      return evaluate(evaluate(stack.conditions[list[0] as string], stack) ? list[1] : list[2], stack);
    default:
      throw new Error(`the sandbox does not know CloudFormation's ${name}`);
  }
}

function substitute(text: string, stack: Stack, own: Record<string, unknown>): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name in own) return String(evaluate(own[name], stack));
    const [id = '', member] = name.split('.');
    return String(member === undefined ? reference(id, stack) : attribute(id, member, stack));
  });
}

function reference(name: string, stack: Stack): unknown {
  if (name === 'AWS::NoValue') return undefined;
  if (name === 'AWS::AccountId') return stack.account;
  if (name === 'AWS::Region') return stack.region;
  if (name === 'AWS::Partition') return 'aws';
  const { Type, Properties } = resource(name, stack);
  const named = Properties as Record<string, string>;
  if (Type === 'AWS::DynamoDB::Table') return tableName(name, stack);
  if (Type === 'AWS::SQS::Queue') return `${stack.sqsUrl}/${stack.account}/${named.QueueName}`;
  if (Type === 'AWS::Lambda::Function') return named.FunctionName;
  // What bears no name in the template is named by CloudFormation.
  if (
    Type === 'AWS::CloudWatch::Alarm' ||
    Type === 'AWS::Scheduler::Schedule' ||
    Type === 'AWS::ApiGatewayV2::Api'
  )
    return name;
  throw new Error(`the sandbox has no reference to ${name}, ${Type}`);
}

function attribute(id: string, member: string, stack: Stack): unknown {
  const { Type, Properties } = resource(id, stack);
  const named = Properties as Record<string, string>;
  const place = `${stack.region}:${stack.account}`;
  if (Type === 'AWS::SQS::Queue' && member === 'Arn') return `arn:aws:sqs:${place}:${named.QueueName}`;
  if (Type === 'AWS::SQS::Queue' && member === 'QueueName') return named.QueueName;
  // In the sandbox a function's role is called like the function.
  if (Type === 'AWS::IAM::Role' && member === 'Arn')
    return `arn:aws:iam::${stack.account}:role${evaluate(named.Path ?? '/', stack)}${id.replace(/Role$/, '').toLowerCase()}`;
  throw new Error(`the sandbox has no ${id}.${member}, ${Type}`);
}

/** As CloudFormation makes one up, but for its last part, which is chance. */
function tableName(id: string, { name }: Stack): string {
  return `${name}-${id}-1ABCDEFGHIJKL`;
}

function resource(id: string, stack: Stack): Resource {
  const found = stack.resources[id];
  if (found === undefined) throw new Error(`the template has no ${id}`);
  return found;
}
