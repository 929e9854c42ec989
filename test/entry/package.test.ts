// Packages for real, in a copy, without AWS credentials, and compares the outcome with what the sandbox believes.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEPLOYER, deployerPolicy, FRAMEWORK } from '../permissions/deployer.ts';
import { bundleHandlers } from '../sandbox/deployment/bundle.ts';
import {
  evaluate,
  type Resource,
  type Stack,
  stackOf,
  type Template,
} from '../sandbox/deployment/cloudformation.ts';
import {
  alarmsOf,
  dashboardOf,
  type FunctionName,
  readAlarms,
  readDashboard,
  readDeadLettersOf,
  readEnvironment,
  readRolePolicies,
  statementsOf,
} from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { matchesResource } from '../sandbox/servers/aws/iam-policy.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SERVERLESS = join(ROOT, 'node_modules/serverless/bin/serverless.js');
const FUNCTIONS = ['slack', 'worker', 'sweeper', 'scheduler'] as const;
const MODES = ['preview', 'live'] as const;

/** Live with every right there can be, for a KMS key of the operator's and other accounts bring their own, and with a table that is taken over. */
const DEPLOYMENT: Record<Mode, Record<string, string>> = {
  preview: { MAX_KEY_AGE_DAYS: '60', TIME_ZONE: 'Europe/Madrid' },
  live: {
    SECRET_KMS_KEY_ID: 'arn:aws:kms:eu-central-1:111122223333:key/1',
    TABLE_NAME: 'keyrotate-of-old',
    ACCOUNTS: 'accounts.txt',
  },
};

const PLACE = ['--stage', 'dev', '--region', 'eu-central-1'];
/** As few as there may be. */
const SETTINGS = {
  SLACK_TEAM_ID: 'T0ACME56789',
  SLACK_APP_ID: 'A0ACME56789',
  ADMIN_CHANNEL: 'C0ACME56789',
  ADMINS: 'U0ACME56789',
};

const LISTED = '111122223333\tmain\n444455556666\tpayments\n';

let workshop: string;

beforeAll(async () => {
  workshop = mkdtempSync(join(tmpdir(), 'keyrotate-package-'));
  await Promise.all(MODES.map((mode) => packageCopy(mode, { MODE: mode, ...SETTINGS, ...DEPLOYMENT[mode] })));
});

afterAll(() => rmSync(workshop, { recursive: true, force: true }));

/** One setting is given with `--param`, one by the shell, and the others in `.env`. */
async function packageCopy(name: string, settings: Record<string, string>, place = PLACE) {
  const copy = join(workshop, name);
  mkdirSync(copy);
  for (const item of ['serverless.yml', 'package.json', 'tsconfig.json', 'src'])
    cpSync(join(ROOT, item), join(copy, item), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const { ADMINS, ADMIN_CHANNEL, ...others } = settings;
  const lines = Object.entries(others).map(([setting, value]) => `${setting}=${value}`);
  writeFileSync(join(copy, '.env'), lines.join('\n'));
  writeFileSync(join(copy, 'accounts.txt'), LISTED);
  return run(process.execPath, [SERVERLESS, 'package', ...place, '--param', `ADMINS=${ADMINS}`], {
    cwd: copy,
    env: { ...surroundings(), ADMIN_CHANNEL },
  });
}

/** The bundles are left in the folder for what is temporary. */
function surroundings() {
  return { PATH: process.env.PATH, HOME: workshop, TMPDIR: workshop };
}

function packaged(mode: Mode, file: string): Buffer {
  return readFileSync(join(workshop, mode, '.serverless', file));
}

function template(mode: Mode): Template {
  return JSON.parse(packaged(mode, 'cloudformation-template-update-stack.json').toString('utf8'));
}

function allOf(mode: Mode, type: string): unknown[] {
  const ofType = Object.values(template(mode).Resources).filter(({ Type }) => Type === type);
  return ofType.map(({ Properties }) => Properties);
}

/** The files of a zip, read through its central directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf('PK\x05\x06');
  const files = new Map<string, Buffer>();
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [zip.readUInt16LE(entry + 10), zip.readUInt32LE(entry + 20)];
    const nameEnd = entry + 46 + zip.readUInt16LE(entry + 28);
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    files.set(zip.toString('utf8', entry + 46, nameEnd), method === 0 ? data : inflateRawSync(data));
    entry = nameEnd + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return files;
}

test('each schedule keeps what could not be started, and the scheduler what it failed at, in one queue', () => {
  const { stack } = stackIn('preview');
  const Arn = readDeadLettersOf('scheduler');
  const schedules = allOf('preview', 'AWS::Scheduler::Schedule') as { Target: { Input: string } }[];
  expect(schedules).toHaveLength(4);
  for (const { Target } of schedules) {
    const { DeadLetterConfig, Input, ...started } = Target as Record<string, unknown>;
    expect(evaluate(DeadLetterConfig, stack)).toEqual({ Arn });
    expect(Input).toMatch(/task/);
    expect(Object.keys(started).sort()).toEqual(['Arn', 'RoleArn']);
  }
  const { SchedulerLambdaFunction } = stack.resources;
  expect(SchedulerLambdaFunction).toMatchObject({ Properties: { DeadLetterConfig: expect.anything() } });
  const { DeadLetterConfig } = Object(SchedulerLambdaFunction?.Properties);
  expect(evaluate(DeadLetterConfig, stack)).toEqual({ TargetArn: Arn });
});

test('a setting that is missing or wrong stops it before anything is built, and all of them are told', async () => {
  const wrong = {
    ...SETTINGS,
    MODE: 'Live',
    ADMINS: '@sam',
    ADMIN_CHANNEL: '',
    MAX_KEY_AGE: '60',
    LOG_RETENTION_DAYS: '100',
  };
  const failed = await packageCopy('wrong', wrong, ['--param', 'graceDays=3']).catch((error) => error);
  for (const told of [
    '--stage',
    '--region',
    'graceDays',
    'MAX_KEY_AGE in .env',
    'MODE',
    'ADMINS',
    'ADMIN_CHANNEL',
    'LOG_RETENTION_DAYS',
  ])
    expect(failed.stdout).toContain(`\n  - ${told} `);
  expect(existsSync(join(workshop, 'wrong', '.serverless'))).toBe(false);
});

test.each([
  [
    ['--stage', 'dev', '--region', 'eu-central-9'],
    '--region must be an AWS region such as eu-central-1; it is "eu-central-9"',
  ],
  [
    [...PLACE, '--param', 'GRACE_DAYS'],
    '--param GRACE_DAYS has no value: write --param GRACE_DAYS=…, or leave it out',
  ],
])('a command that could never work is told in one sentence of ours: %s', async (place, told) => {
  const failed = await packageCopy('mistyped', { MODE: 'preview', ...SETTINGS }, place).catch(
    (error) => error,
  );
  rmSync(join(workshop, 'mistyped'), { recursive: true });
  expect(failed.stdout.split('\n').filter((line: string) => line.startsWith('  - '))).toEqual([
    `  - ${told}`,
  ]);
});

test('what stands in a file and does not count is told, and packaged all the same', async () => {
  const place = [...PLACE, '--param', 'GRACE_DAYS=9'];
  const { stderr } = await packageCopy('unheard', { MODE: 'preview', GRACE_DAYS: '8', ...SETTINGS }, place);
  expect(stderr).toContain('GRACE_DAYS=8 in .env does not count: it is "9"');
});

describe.each(MODES)('the package (%s)', (mode) => {
  test('has each setting, whichever way it was given', () => {
    const { Variables } = functionProperties(mode, 'worker').Environment;
    const env = evaluate(Variables, stackOf(template(mode)));
    expect(env).toMatchObject({ MODE: mode, ...SETTINGS, ...DEPLOYMENT[mode] });
  });

  test.each(FUNCTIONS)(
    'holds for %s the very bundle that the sandbox runs, the list of accounts where it is a file, and nothing else',
    async (name) => {
      const { file, code } = (await bundleHandlers())[name];
      const files = unzip(packaged(mode, `${name}.zip`));
      expect([...files.keys()].sort()).toEqual([...(mode === 'live' ? ['accounts.txt'] : []), file]);
      expect(files.get('accounts.txt')?.toString('utf8')).toBe(mode === 'live' ? LISTED : undefined);
      expect(files.get(file)?.toString('utf8') === code).toBe(true);
    },
  );

  test('has Bolt for the slack function alone: the worker reads what Slack signed without it', () => {
    const withBolt = FUNCTIONS.filter((name) =>
      [...unzip(packaged(mode, `${name}.zip`)).values()].some((code) => code.includes('AwsLambdaReceiver')),
    );
    expect(withBolt).toEqual(['slack']);
  });

  test('grants each function what the sandbox lets it do', () => {
    const { Resources, Conditions } = template(mode);
    const stack = stackOf({ Resources, Conditions });
    const granted = Object.fromEntries(FUNCTIONS.map((name) => [name, statementsOf(roleOf(name), stack)]));
    expect(granted).toEqual(readRolePolicies(mode, { params: DEPLOYMENT[mode] }));

    function roleOf(name: FunctionName): string {
      return functionProperties(mode, name).Role['Fn::GetAtt'][0] ?? '';
    }
  });

  test('has roles that trust Lambda or the schedules of this account, and nobody else', () => {
    const trusted = allOf(mode, 'AWS::IAM::Role').flatMap(
      (role) => (role as Role).AssumeRolePolicyDocument.Statement,
    );
    const lambda = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const schedules = {
      ...lambda,
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    expect(trusted).toEqual([lambda, lambda, lambda, lambda, schedules]);
  });

  test('has the very alarms that ring in the sandbox', () => {
    const { Resources, Conditions } = template(mode);
    const alarms = alarmsOf(stackOf({ Resources, Conditions }));
    expect(alarms.length).toBeGreaterThan(20);
    expect(alarms).toEqual(readAlarms());
  });

  test('has a dashboard that can be read', () => {
    const { Resources, Conditions } = template(mode);
    expect(dashboardOf(stackOf({ Resources, Conditions }))).toEqual(readDashboard());
  });

  test('turns away more requests than the setting allows before they cost a container', () => {
    const [stage] = allOf(mode, 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: '20', ThrottlingBurstLimit: '20' },
    });
  });

  test('names rights to change IAM or the vault only when live', () => {
    const text = JSON.stringify(stackOf(template(mode)).resources);
    const writes =
      /iam:(Create|Update|Delete)|secretsmanager:(Create|Put|Update|Tag|Delete)|kms:(Generate|Decrypt)/;
    expect(writes.test(text)).toBe(mode === 'live');
  });
});

describe('the table', () => {
  const given = 'keyrotate-of-old';
  const own = 'keyrotate-dev-Table-1ABCDEFGHIJKL';

  test.each([
    ['preview', own, ['Table']],
    ['live', given, []],
  ] as const)('is the stack’s own, or the one that is named (%s)', (mode, name, made) => {
    const { stack, Outputs } = stackIn(mode);
    const tables = Object.keys(stack.resources).filter(
      (id) => stack.resources[id]?.Type === 'AWS::DynamoDB::Table',
    );
    expect(tables).toEqual(made);
    expect(evaluate(Outputs.TableName?.Value, stack)).toBe(name);
    for (const each of FUNCTIONS)
      expect(evaluate(functionProperties(mode, each).Environment.Variables.TABLE_NAME, stack)).toBe(name);
    const policies = JSON.stringify(readRolePolicies(mode, { params: DEPLOYMENT[mode] }));
    const granted = [...policies.matchAll(/"arn:aws:dynamodb:eu-central-1:111122223333:table\/(.*?)[/"]/g)];
    expect(new Set(granted.map(([, table]) => table))).toEqual(new Set([name]));
  });

  test('has no name of its own choosing, which a table that was left behind may bear', () => {
    expect(template('preview').Resources.Table?.Properties).not.toHaveProperty('TableName');
  });

  test.each(MODES)('is referred to only where it is made, as is everything else (%s)', (mode) => {
    const { stack, Outputs } = stackIn(mode);
    const named = referencesIn([Object.values(stack.resources), Object.values(Outputs)], stack);
    expect(named).toContain('WorkerRole');
    expect(named.filter((id) => !id.startsWith('AWS::') && stack.resources[id] === undefined)).toEqual([]);
  });
});

function stackIn(mode: Mode): { stack: Stack; Outputs: Record<string, { Value: unknown }> } {
  const whole = template(mode) as Template & { Outputs: Record<string, { Value: unknown }> };
  return { stack: stackOf(whole), Outputs: whole.Outputs };
}

/** The ids in whatever counts under the stack's conditions. */
function referencesIn(value: unknown, stack: Stack): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, stack));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [item];
    if (key === 'Fn::GetAtt') return [item[0]];
    if (key === 'DependsOn') return [item].flat();
    if (key === 'Fn::If')
      return referencesIn(evaluate(stack.conditions[item[0]], stack) ? item[1] : item[2], stack);
    if (key !== 'Fn::Sub') return referencesIn(item, stack);
    const [pattern, own = {}] = [item].flat();
    const ids = [...pattern.matchAll(/\$\{([^}.]+)[^}]*\}/g)].map(([, id]) => id);
    return [...ids.filter((id) => !(id in own)), ...referencesIn(own, stack)];
  });
}

describe('the policy of whoever deploys', () => {
  const served = DEPLOYER.flatMap(({ serves }) => serves);

  test('covers each type of resource in the package, and none besides', () => {
    const types = Object.values(template('preview').Resources).map(({ Type }) => Type);
    expect([...new Set([...types, FRAMEWORK])].sort()).toEqual([...new Set(served)].sort());
  });

  test('reaches each resource by the name that it will have', () => {
    const unreached = Object.entries(template('preview').Resources).filter(([id, resource]) => {
      const grants = DEPLOYER.filter(({ serves }) => serves.includes(resource.Type));
      const patterns = grants.flatMap(({ Resource }) => Resource).map(here);
      const all = patterns.filter((pattern) => pattern !== '*');
      return !all.some((pattern) => matchesResource(pattern, arnToBe(id, resource)));
    });
    expect(unreached.map(([id]) => id)).toEqual([]);
  });

  test('names every action once, and is no longer than a managed policy may be', () => {
    const actions = DEPLOYER.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => `${action} on ${resource}`)),
    );
    expect(actions.filter((action) => /^\S*[*?]/.test(action))).toEqual([]);
    expect(new Set(actions).size).toBe(actions.length);
    expect(JSON.stringify(deployerPolicy()).replace(/\s/g, '').length).toBeLessThan(6144);
  });

  /** In the account and stage that is packaged. */
  function here(pattern: string): string {
    return pattern
      .replace('<region>', 'eu-central-1')
      .replace('<account>', '111122223333')
      .replace('<stage>', 'dev');
  }
});

/** A resource's own name, or the one that CloudFormation makes of the stack's and its id; an ARN of those whose id is chance. */
function arnToBe(id: string, { Type, Properties }: Resource): string {
  const own = Properties as Record<string, string>;
  const named = `keyrotate-dev-${id}-1ABCDEFGHIJKL`;
  const place = 'eu-central-1:111122223333';
  switch (Type) {
    case 'AWS::S3::Bucket':
    case 'AWS::S3::BucketPolicy':
      return `arn:aws:s3:::keyrotate-dev-${id.toLowerCase()}-1abcdefghijkl`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${place}:log-group:${own.LogGroupName}:*`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${place}:function:${own.FunctionName}`;
    case 'AWS::Lambda::Permission':
      return `arn:aws:lambda:${place}:function:keyrotate-dev-slack`;
    case 'AWS::Lambda::EventSourceMapping':
      return `arn:aws:lambda:${place}:event-source-mapping:11112222-3333-4444-5555-666677778888`;
    case 'AWS::Scheduler::Schedule':
      return `arn:aws:scheduler:${place}:schedule/default/${own.Name ?? named}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${place}:${own.QueueName}`;
    case 'AWS::SQS::QueuePolicy': {
      const [queue] = (Properties as { Queues: { Ref: string }[] }).Queues;
      return String(evaluate({ 'Fn::GetAtt': [queue?.Ref, 'Arn'] }, stackIn('preview').stack));
    }
    case 'AWS::DynamoDB::Table':
      return `arn:aws:dynamodb:${place}:table/${own.TableName ?? named}`;
    case 'AWS::IAM::Role':
    case 'AWS::IAM::Policy':
      return `arn:aws:iam::111122223333:role${evaluate(own.Path ?? '/', stackIn('preview').stack)}${own.RoleName ?? named}`;
    case 'AWS::CloudWatch::Dashboard':
      return `arn:aws:cloudwatch::111122223333:dashboard/${own.DashboardName}`;
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::CompositeAlarm':
      return `arn:aws:cloudwatch:${place}:alarm:${own.AlarmName ?? named}`;
    default:
      return Type.startsWith('AWS::ApiGatewayV2::')
        ? 'arn:aws:apigateway:eu-central-1::/apis/a1b2c3'
        : 'unknown';
  }
}

describe('`serverless deploy`', () => {
  const stops = 'Nothing was deployed. The records are in the table';

  test('stops where the stack of an earlier version gave its table a name', async () => {
    const before = template('preview');
    Object.assign(before.Resources.Table?.Properties as object, { TableName: 'keyrotate-dev' });
    for (const name of FUNCTIONS)
      Object.assign(propertiesIn(before, name).Environment.Variables, { TABLE_NAME: { Ref: 'Table' } });
    const { told, asked } = await deployedOnto(before);
    expect(told).toContain(`${stops} keyrotate-dev, and `);
    expect(told).toContain('set TABLE_NAME=keyrotate-dev, and deploy again.');
    expect(asked).not.toContain('CreateChangeSet');
  });

  test('stops where a table was taken over, and is named no longer', async () => {
    const { told, asked } = await deployedOnto(template('live'));
    expect(told).toContain(`${stops} keyrotate-of-old, and `);
    expect(asked).not.toContain('CreateChangeSet');
  });

  test('stops at a reader of another account, before anything is changed', async () => {
    const SECRET_READERS = 'arn:aws:iam::999988887777:role/break-glass';
    const { told, asked } = await deployedOnto(undefined, { SECRET_READERS });
    expect(told).toContain('Nothing was deployed. Mend these settings for the account 111122223333:');
    expect(told).toContain('SECRET_READERS is of the account 999988887777, not of 111122223333');
    expect(asked).not.toContain('CreateChangeSet');
  });

  test('goes on where the stack has its own table, and does not look for others', async () => {
    const { told, asked } = await deployedOnto(template('preview'));
    expect(told).not.toContain(stops);
    expect(asked).toContain('CreateChangeSet');
    expect(asked).not.toContain('ListTables');
  });

  const bucketOnly = { Resources: { ServerlessDeploymentBucket: {} } };
  test.each([
    ['the first deployment failed', bucketOnly],
    ['nothing is deployed', undefined],
  ])('goes on where %s, and names what an earlier stack has left', async (_, before) => {
    const others = ['keyrotate-dev2', 'keyrotate-prod-Table-2', 'orders'];
    const left = ['keyrotate-dev', 'keyrotate-dev-Table-1'];
    const { told, asked } = await deployedOnto(before, {}, [...others, ...left]);
    expect(told).toContain(`An earlier one has left ${left.join(', ')}: to go on with it, set TABLE_NAME`);
    expect(asked).toContain('CreateChangeSet');
    const { told: nothing } = await deployedOnto(before, {}, others);
    expect(nothing).not.toContain('TABLE_NAME');
  });

  test('goes on with a table that is named, whatever was before, and asks nothing about it', async () => {
    const { asked } = await deployedOnto(template('preview'), { TABLE_NAME: 'keyrotate-restored' });
    expect(asked).toContain('CreateChangeSet');
    expect(asked).not.toContain('GetTemplate');
  });
});

/** What was packaged for preview, deployed by somebody who may ask for the stack and change nothing. */
async function deployedOnto(
  before: object | undefined,
  settings: Record<string, string> = {},
  TableNames: string[] = [],
) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target']?.toString().split('.').at(-1);
    const action = target ?? new URLSearchParams(await text(request)).get('Action') ?? '';
    asked.push(action);
    const [status, answer] =
      action === 'ListTables' ? ([200, JSON.stringify({ TableNames })] as const) : answerOf(action, before);
    response.writeHead(status).end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = [SERVERLESS, 'deploy', ...PLACE, '--package', '.serverless'];
  const failed = await run(process.execPath, args, {
    cwd: join(workshop, 'preview'),
    env: { ...surroundings(), ...SETTINGS, ...settings, ...credentials, AWS_ENDPOINT_URL },
  }).catch((error) => error);
  server.close();
  return { told: `${failed.stdout}${failed.stderr}`, asked };
}

function answerOf(action: string, before: object | undefined): [number, string] {
  const refusal = (code: string, message: string): [number, string] => [
    400,
    `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ];
  if (action === 'GetCallerIdentity')
    return [
      200,
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/operator</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    ];
  if (action === 'CreateChangeSet') return refusal('AccessDenied', 'not authorized');
  if (action !== 'GetTemplate' || before === undefined)
    return refusal('ValidationError', 'Stack with id keyrotate-dev does not exist');
  const body = JSON.stringify(before).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return [
    200,
    `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
  ];
}

describe('every packaged function', () => {
  test.each([
    ['slack', { Timeout: 10, MemorySize: 1024 }],
    ['worker', { Timeout: 60, MemorySize: 512 }],
    ['sweeper', { Timeout: 300, MemorySize: 512 }],
    ['scheduler', { Timeout: 60, MemorySize: 256 }],
  ] as const)('runs %s on Node 24 and arm64, with its own timeout and memory', (name, figures) => {
    expect(functionProperties('preview', name)).toMatchObject({
      ...figures,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  test.each(FUNCTIONS)('loads in plain Node: %s exports a handler without a callback', async (name) => {
    const [[file, code] = []] = unzip(packaged('preview', `${name}.zip`));
    const path = join(workshop, 'unzipped', name, file ?? '');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code ?? '');
    const script = `const { handler } = require(${JSON.stringify(path)}); console.log(typeof handler, handler.length <= 2)`;
    const env = { ...readEnvironment(), AWS_REGION: 'eu-central-1' };
    const { stdout } = await run(process.execPath, ['-e', script], { env });
    expect(stdout.trim()).toBe('function true');
  });
});

interface Role {
  AssumeRolePolicyDocument: { Statement: object[] };
}

interface FunctionProperties {
  Role: { 'Fn::GetAtt': string[] };
  Environment: { Variables: Record<string, unknown> };
}

function functionProperties(mode: Mode, name: FunctionName): FunctionProperties {
  return propertiesIn(template(mode), name);
}

function propertiesIn({ Resources }: Template, name: FunctionName): FunctionProperties {
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
  return Resources[id]?.Properties as FunctionProperties;
}
