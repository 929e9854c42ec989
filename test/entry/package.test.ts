// Packages for real, in a copy, without AWS credentials, and compares the outcome with what the sandbox believes.
import { execFile } from 'node:child_process';
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
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleHandlers } from '../sandbox/deployment/bundle.ts';
import { stackOf, type Template } from '../sandbox/deployment/cloudformation.ts';
import {
  alarmsOf,
  dashboardOf,
  type FunctionName,
  readAlarms,
  readDashboard,
  readEnvironment,
  readRolePolicies,
  statementsOf,
} from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FUNCTIONS = ['slack', 'worker', 'sweeper', 'scheduler'] as const;
const MODES = ['preview', 'live'] as const;

/** Live with every right there can be: a KMS key of the operator's brings its own. */
const DEPLOYMENT: Record<Mode, Record<string, string>> = {
  preview: { MAX_KEY_AGE_DAYS: '60', TIME_ZONE: 'Europe/Madrid' },
  live: { SECRET_KMS_KEY_ID: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
};

const PLACE = ['--stage', 'dev', '--region', 'eu-central-1'];
/** As few as there may be. */
const SETTINGS = {
  SLACK_TEAM_ID: 'T0123456789',
  SLACK_APP_ID: 'A0123456789',
  ADMIN_CHANNEL: 'C0123456789',
  ADMINS: 'U0123456789',
};

let workshop: string;

beforeAll(async () => {
  workshop = mkdtempSync(join(tmpdir(), 'keyrotate-package-'));
  await Promise.all(MODES.map((mode) => packageCopy(mode, { MODE: mode, ...SETTINGS, ...DEPLOYMENT[mode] })));
});

afterAll(() => rmSync(workshop, { recursive: true, force: true }));

/** One setting is given with `--param`, one by the shell, and the others in `.env`. */
async function packageCopy(name: string, settings: Record<string, string>, place = PLACE): Promise<void> {
  const copy = join(workshop, name);
  mkdirSync(copy);
  for (const item of ['serverless.yml', 'package.json', 'tsconfig.json', 'src'])
    cpSync(join(ROOT, item), join(copy, item), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const { ADMINS, ADMIN_CHANNEL, ...others } = settings;
  const lines = Object.entries(others).map(([setting, value]) => `${setting}=${value}`);
  writeFileSync(join(copy, '.env'), lines.join('\n'));
  const serverless = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  await run(process.execPath, [serverless, 'package', ...place, '--param', `ADMINS=${ADMINS}`], {
    cwd: copy,
    // The bundles are left in the folder for what is temporary.
    env: { PATH: process.env.PATH, HOME: workshop, TMPDIR: workshop, ADMIN_CHANNEL },
  });
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

describe.each(MODES)('the package (%s)', (mode) => {
  test('has each setting, whichever way it was given', () => {
    const { Variables } = functionProperties(mode, 'worker').Environment;
    expect(Variables).toMatchObject({ MODE: mode, ...SETTINGS, ...DEPLOYMENT[mode] });
  });

  test.each(FUNCTIONS)(
    'holds for %s the very bundle that the sandbox runs, and nothing else',
    async (name) => {
      const { file, code } = (await bundleHandlers())[name];
      const files = unzip(packaged(mode, `${name}.zip`));
      expect([...files.keys()]).toEqual([file]);
      expect(files.get(file)?.toString('utf8') === code).toBe(true);
    },
  );

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
    const writes = /iam:(Create|Update|Delete)|secretsmanager:(Create|Put|Update|Tag|Delete)|kms:/;
    expect(writes.test(text)).toBe(mode === 'live');
  });
});

describe('every packaged function', () => {
  test.each([
    ['slack', { Timeout: 10, MemorySize: 512 }],
    ['worker', { Timeout: 60, MemorySize: 512 }],
    ['sweeper', { Timeout: 300, MemorySize: 512 }],
    ['scheduler', { Timeout: 60, MemorySize: 256 }],
  ] as const)('runs %s on Node 24 and arm64, with its own timeout and memory', (name, figures) => {
    expect(functionProperties('preview', name)).toMatchObject({
      ...figures,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
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
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
  return template(mode).Resources[id]?.Properties as FunctionProperties;
}
