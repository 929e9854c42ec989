// `npm run doctor`, as an operator runs it before the first deployment and after it: the framework's own command, against the servers.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOCTORS_ACTIONS } from '../permissions/doctor-policy.ts';
import { run } from '../sandbox/play/play.ts';
import { READER_ROLE, type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { doctor, wrong } from './doctor.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ mode: 'preview', start: new Date('2026-11-16T08:00:00Z') });
});

/** What it asked of AWS, in all that is played here. */
const asked = new Set<string>();

afterEach(async () => {
  for (const { service, action, caller } of sandbox.aws.wire.calls)
    if (caller?.endsWith('/operator')) asked.add(`${service}:${action}`);
  await sandbox.close();
});

afterAll(() => expect([...asked].sort()).toEqual(DOCTORS_ACTIONS));

describe('the doctor', () => {
  it('finds nothing wrong with a deployment that is well', async () => {
    await run(sandbox, 'check');
    sandbox.aws.topics.set(TOPIC, 1);
    const told = await doctor(sandbox, { ALARM_TOPIC: TOPIC });
    expect(wrong(told)).toEqual([]);
    expect(told).toMatchObject({ exitCode: 0 });
    for (const line of [
      '✓ Every setting is well-formed.',
      '✓ Alarm topic: The alarms tell a topic with 1 confirmed subscription.',
      '✓ Stack: `keyrotate-dev` is deployed.',
      '✓ Deployments: `dev in eu-central-1` is the only keyrotate in the account.',
      '✓ Readers: 1 role may read new secrets, and it exists.',
      '○ Protected users: `PROTECTED_USERS` matches no IAM user: nobody is protected.',
      '✓ Schedules: 4 schedules start what they are for.',
      '✓ Slack’s secret: `keyrotate/slack` holds a bot token and a signing secret.',
      '✓ Mode: preview. Owners hear nothing, and no key is changed.',
      '✓ Slack app: Slack takes the token, and it has every scope.',
      '✓ Jobs given up: No job was given up.',
    ])
      expect(told.lines).toContain(line);
  });

  it('stops at settings that could never work, all of them', async () => {
    const told = await doctor(sandbox, { ADMINS: '@sam', MODE: 'Live' });
    expect(told.exitCode).toBe(1);
    expect(told.lines[0]).toBe('Mend these settings first:');
    expect(wrong(told)).toHaveLength(2);
  });

  it('says before the first deployment what would go wrong after it', async () => {
    const { workspace } = sandbox.slack;
    workspace.bot.scopes = workspace.bot.scopes.filter((scope) => scope !== 'groups:read');
    workspace.channels.get(sandbox.organisation.adminChannel)?.members.splice(0);
    const kmsKey = 'arn:aws:kms:eu-central-1:111122223333:key/11112222-3333-4444-5555-666677778888';
    sandbox.aws.kmsKeys.set(kmsKey, { state: 'Disabled' });
    sandbox.aws.topics.set(TOPIC, 0);
    Object.assign(sandbox.aws.iam.state.roles.get('worker') ?? {}, { description: 'keyrotate, live' });
    const told = await doctor(
      sandbox,
      {
        MODE: 'live',
        SECRET_READERS: `arn:aws:iam::111122223333:role/${READER_ROLE},arn:aws:iam::111122223333:role/no-such-role`,
        SECRET_KMS_KEY_ID: kmsKey,
        ALARM_TOPIC: TOPIC,
        TABLE_NAME: 'keyrotate-of-before',
        ADMINS: `${sandbox.organisation.people.sam},${sandbox.organisation.people.lena}`,
      },
      'prod',
    );
    expect(told.exitCode).toBe(1);
    expect(told.lines).toContain('? Stack: Nothing is deployed yet under this stage and region.');
    expect(wrong(told)).toEqual([
      expect.stringContaining(
        '✗ Deployments: `dev in eu-central-1` was deployed before this keyrotate, and is live.',
      ),
      '✗ Readers: `SECRET_READERS` names `arn:aws:iam::111122223333:role/no-such-role`, which is no role of this account. New keys are made all the same, and their secrets not opened to it. Make the role, or correct `SECRET_READERS` and deploy. With its path, an ARN reads `role/path/name`.',
      '✗ KMS key: The KMS key that `SECRET_KMS_KEY_ID` names cannot encrypt secrets (`Disabled`). It must be symmetric, for encryption, and enabled.',
      '✗ Alarm topic: Nobody has confirmed a subscription to the topic `ALARM_TOPIC`, so nobody hears the alarms: `aws sns subscribe`, and follow the link in the mail that comes.',
      expect.stringContaining('✗ Table: There is no table `keyrotate-of-before`, which `TABLE_NAME` names'),
      '✗ Slack app: The app lacks 1 scope: `groups:read`. Print the manifest anew, paste it under App Manifest in Slack’s settings of the app, and install it again.',
      expect.stringContaining('Invite me there: `/invite @keyrotate`.'),
      expect.stringContaining('who cannot act: no full member of this workspace.'),
    ]);
  });

  it('says how to store Slack’s secret where there is none', async () => {
    const told = await doctor(sandbox, { SLACK_SECRET_ID: 'keyrotate/other', SECRET_READERS: '' });
    expect(told.lines).toContain(
      '○ Alarm topic: No `ALARM_TOPIC` is set: alarms ring, and nobody hears them.',
    );
    expect(wrong(told)).toEqual([
      '✗ Slack’s secret: There is no secret `keyrotate/other` in this account and region. Create it, as README.md says under “Deploy”.',
    ]);
  });

  it('says which schedules start nothing, and which signing secret is none of Slack’s', async () => {
    sandbox.aws.idleSchedules.set('SchedulerSchedulerSchedule1', 'DISABLED');
    sandbox.aws.idleSchedules.set('SchedulerSchedulerSchedule3', 'gone');
    await sandbox.aws.putSlackSecret('keyrotate/slack', { botToken: 'xoxb-1', signingSecret: 'xoxb-1' });
    expect(wrong(await doctor(sandbox))).toEqual([
      expect.stringContaining(
        '✗ Schedules: `SchedulerSchedulerSchedule1`, `SchedulerSchedulerSchedule3` are off or gone',
      ),
      expect.stringContaining(
        '✗ Slack’s secret: The `signingSecret` in `keyrotate/slack` is none of Slack’s',
      ),
      expect.stringContaining('✗ Slack app: Slack does not take the token'),
    ]);
  });

  it('tells everything else where the operator may not read the table', async () => {
    sandbox.aws.wire.interfere(({ service }) =>
      service === 'dynamodb' ? { kind: 'refuse', status: 400, code: 'AccessDeniedException' } : undefined,
    );
    const told = await doctor(sandbox);
    sandbox.aws.wire.interfere(undefined);
    expect(wrong(told)).toEqual([]);
    for (const line of [
      '? Sweep: This could not be looked up (`sweep: AccessDenied`).',
      '✓ Slack app: Slack takes the token, and it has every scope.',
      '✓ Jobs given up: No job was given up.',
    ])
      expect(told.lines).toContain(line);
  });

  it('says which account an ARN is not of, that app and group are others than those of the settings, and that Slack does not take the token', async () => {
    const foreign = { SECRET_READERS: 'arn:aws:iam::999988887777:role/break-glass' };
    expect(wrong(await doctor(sandbox, foreign))).toEqual([
      '✗ In this account: SECRET_READERS is of the account 999988887777, not of 111122223333, which is deployed to',
    ]);
    expect(
      wrong(await doctor(sandbox, { SLACK_APP_ID: 'A0ANOTHER01', ADMIN_GROUP: 'S0GONE0001' }, 'next')),
    ).toEqual([
      expect.stringContaining('✗ Slack app: The token is of another app than `SLACK_APP_ID`'),
      expect.stringContaining('✗ Admins: There is no group `S0GONE0001`, which `ADMIN_GROUP` names.'),
    ]);
    sandbox.slack.workspace.bot.token = 'xoxb-another';
    expect(wrong(await doctor(sandbox))).toEqual([
      expect.stringContaining('✗ Slack app: Slack does not take the token (`invalid_auth`).'),
    ]);
  });

  it('asks with the profile that it is given, as the deployment would', async () => {
    expect(wrong(await doctor(sandbox, {}, 'dev', ['--aws-profile', 'nobody']))).toEqual([
      expect.stringContaining('There is no AWS profile nobody:'),
    ]);
  });

  it('takes what a first deployment that failed has left for no deployment', async () => {
    sandbox.aws.stacks.set(
      'keyrotate-dev',
      new Map([['ServerlessDeploymentBucket', 'keyrotate-dev-bucket']]),
    );
    const told = await doctor(sandbox);
    expect(told.lines).toContain('? Stack: Nothing is deployed yet under this stage and region.');
    expect(wrong(told)).toEqual([]);
  });

  it('tells also what the framework itself would not take', async () => {
    const told = await doctor(sandbox, { UPKEEP_CONCURRENCY: '1', MODE: 'x' });
    expect(wrong(told)).toHaveLength(2);
  });
});
