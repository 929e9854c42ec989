// Fetching the credential report, with the rights the sweeper is deployed with.
import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { iamCredentialReports } from '../../../src/adapters/aws/credential-report.ts';
import { ACCOUNT, startWorld } from './aws-world.ts';

async function startReports() {
  const world = await startWorld();
  return { world, reports: iamCredentialReports(world.iamClient('sweeper')) };
}

describe('in an account', () => {
  test('the report is made first, and read when AWS has made it', async () => {
    const { world, reports } = await startReports();
    world.iam.addUser('smith,john', { path: '/people/' });
    const createdAt = Date.UTC(2026, 0, 1);
    const lastUsed = { at: createdAt + 5000, service: 's3', region: 'eu-west-1' };
    world.iam.addKey('smith,john', { createdAt, lastUsed });
    world.iam.addKey('smith,john', { createdAt, status: 'Inactive' });
    world.iam.addUser('keyless');

    const madeAt = Math.floor(world.clock.now() / 1000) * 1000;
    expect([await reports.fetch(), await reports.fetch()]).toEqual(['notReady', 'notReady']);
    expect(await reports.fetch()).toEqual({
      rows: [
        { userName: 'keyless', account: ACCOUNT, path: '/', madeAt: expect.closeTo(madeAt, -4), keys: [] },
        {
          userName: 'smith,john',
          account: ACCOUNT,
          path: '/people/',
          madeAt: expect.closeTo(madeAt, -4),
          keys: [
            { active: true, lastRotated: createdAt, lastUsed: createdAt + 5000 },
            { active: false, lastRotated: createdAt },
          ],
        },
      ],
      rootKeys: [],
      unreadable: [],
      madeAt: expect.closeTo(madeAt, -4),
    });
  });

  test('a spoiled row leaves the others readable, and a report of other columns is refused', async () => {
    const { world, reports } = await startReports();
    world.iam.addUser('ci');
    world.iam.addUser('zz');
    world.iam.state.reportOverride = (csv) => csv.replace('user/ci', 'user/other');
    await reports.fetch();
    await reports.fetch();

    expect(await reports.fetch()).toMatchObject({
      rows: [{ userName: 'zz' }],
      unreadable: [{ line: 3, why: 'arn is that of another user' }],
    });

    world.iam.state.reportOverride = (csv) => csv.replace('access_key_1_active', 'access_key_one');
    await expect(reports.fetch()).rejects.toMatchObject({ outcome: 'refused', code: 'ReportFormat' });
  });

  test('5000 users are read in a moment', async () => {
    const { world, reports } = await startReports();
    for (let n = 0; n < 5000; n += 1) world.iam.addUser(`user-${n}`);
    await reports.fetch();
    await reports.fetch();
    const report = await reports.fetch();
    expect(report !== 'notReady' && report.rows).toHaveLength(5000);
  });
});

describe('the report is not ready', () => {
  const client = new IAMClient({ region: 'us-east-1' });
  const iam = mockClient(client);

  beforeEach(() => {
    iam.reset();
    iam.on(GenerateCredentialReportCommand).resolves({ State: 'COMPLETE' });
  });

  test.each([
    ['CredentialReportNotPresentException', 410],
    ['CredentialReportNotReadyException', 404],
    ['CredentialReportExpiredException', 410],
  ])('when AWS answers %s', async (name, httpStatusCode) => {
    iam
      .on(GetCredentialReportCommand)
      .rejects(Object.assign(new Error(), { name, $metadata: { httpStatusCode } }));
    expect(await iamCredentialReports(client).fetch()).toBe('notReady');
  });

  test('and is refused when AWS does not say when it was made', async () => {
    const columns = [1, 2].flatMap((nth) => [`access_key_${nth}_active`, `access_key_${nth}_last_rotated`]);
    const Content = new TextEncoder().encode(['user', 'arn', ...columns].join(','));
    iam.on(GetCredentialReportCommand).resolves({ Content });
    await expect(iamCredentialReports(client).fetch()).rejects.toMatchObject({ code: 'ReportFormat' });
  });

  test('and asking for it fails when AWS refuses to make one', async () => {
    const denied = Object.assign(new Error(), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    iam.on(GenerateCredentialReportCommand).rejects(denied);
    await expect(iamCredentialReports(client).fetch()).rejects.toMatchObject({
      operation: 'GenerateCredentialReport',
      outcome: 'refused',
    });
    expect(iam.commandCalls(GetCredentialReportCommand)).toHaveLength(0);
  });
});
