// The credential report: how it is asked for, and what is in it.
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../../clock.ts';
import { startAccount } from './account-under-test.ts';

describe('making a report', () => {
  it('takes a while, or a few questions', async () => {
    const { client, later } = await startAccount();

    await expect(getReport(client)).rejects.toMatchObject({
      name: 'CredentialReportNotPresentException',
      $metadata: { httpStatusCode: 410 },
    });
    expect([await generate(client), await generate(client)]).toEqual(['STARTED', 'INPROGRESS']);
    await expect(getReport(client)).rejects.toMatchObject({
      name: 'CredentialReportNotReadyException',
      $metadata: { httpStatusCode: 404 },
    });
    expect(await generate(client)).toBe('COMPLETE');

    later(4 * HOUR + 10 * SECOND);
    expect(await generate(client)).toBe('STARTED');
    later(10 * SECOND);
    expect(await getReport(client)).toHaveLength(1);
  });

  it('is done at most once in four hours: until then the old one is served, after that none', async () => {
    const { iam, client, later } = await startAccount();
    await generate(client);
    later(10 * SECOND);
    iam.addUser('too-late');

    later(4 * HOUR - SECOND);
    expect(await generate(client)).toBe('COMPLETE');
    expect(await getReport(client)).toHaveLength(1);
    later(SECOND);
    await expect(getReport(client)).rejects.toMatchObject({
      name: 'CredentialReportExpiredException',
      $metadata: { httpStatusCode: 410 },
    });
    await generate(client);
    later(10 * SECOND);
    expect(await getReport(client)).toHaveLength(2);
  });
});

describe('a report', () => {
  it('has the real columns, the root first, and users whose names hold commas', async () => {
    const { iam, client, clock } = await startAccount();
    iam.addUser('smith,john', { createdAt: Date.UTC(2026, 10, 20, 10) });

    const [root, user] = await freshReport(client, clock);

    expect(root).toMatchObject({
      user: '<root_account>',
      arn: 'arn:aws:iam::123456789012:root',
      password_enabled: 'not_supported',
      access_key_1_active: 'FALSE',
    });
    expect(user).toEqual({
      user: 'smith,john',
      arn: 'arn:aws:iam::123456789012:user/smith,john',
      user_creation_time: '2026-11-20T10:00:00+00:00',
      password_enabled: 'FALSE',
      password_last_used: 'N/A',
      password_last_changed: 'N/A',
      password_next_rotation: 'N/A',
      mfa_active: 'FALSE',
      access_key_1_active: 'FALSE',
      access_key_1_last_rotated: 'N/A',
      access_key_1_last_used_date: 'N/A',
      access_key_1_last_used_region: 'N/A',
      access_key_1_last_used_service: 'N/A',
      access_key_2_active: 'FALSE',
      access_key_2_last_rotated: 'N/A',
      access_key_2_last_used_date: 'N/A',
      access_key_2_last_used_region: 'N/A',
      access_key_2_last_used_service: 'N/A',
      cert_1_active: 'FALSE',
      cert_1_last_rotated: 'N/A',
      cert_2_active: 'FALSE',
      cert_2_last_rotated: 'N/A',
    });
  });

  it('keeps a key in its slot, and a new key takes the free one', async () => {
    const { iam, client, clock } = await startAccount();
    const at = Date.UTC(2026, 0, 1);
    iam.addUser('ci');
    const first = iam.addKey('ci', { createdAt: at });
    const lastUsed = { at: at + DAY, service: 'ecr', region: 'eu-west-1' };
    iam.addKey('ci', { createdAt: at + DAY, status: 'Inactive', lastUsed });
    iam.console.deleteKey('ci', first.id);

    expect((await freshReport(client, clock))[1]).toMatchObject({
      access_key_1_active: 'FALSE',
      access_key_1_last_rotated: 'N/A',
      access_key_2_active: 'FALSE',
      access_key_2_last_rotated: '2026-01-02T00:00:00+00:00',
      access_key_2_last_used_date: '2026-01-02T00:00:00+00:00',
      access_key_2_last_used_region: 'eu-west-1',
      access_key_2_last_used_service: 'ecr',
    });
    expect(iam.addKey('ci').slot).toBe(1);
  });

  it('counts a change of status as rotation', async () => {
    const { iam, client, clock } = await startAccount();
    iam.addUser('ci');
    const { id } = iam.addKey('ci', { createdAt: Date.UTC(2026, 0, 1) });
    iam.console.setKeyStatus('ci', id, 'Inactive');

    const today = new Date(clock.now()).toISOString().slice(0, 10);
    expect((await freshReport(client, clock))[1]?.access_key_1_last_rotated).toContain(today);
  });

  it('can be spoiled by a test', async () => {
    const { iam, client, clock } = await startAccount();
    iam.state.reportOverride = (csv) => csv.replace('<root_account>', 'nobody');
    expect((await freshReport(client, clock))[0]?.user).toBe('nobody');
  });
});

async function generate(client: IAMClient): Promise<string | undefined> {
  return (await client.send(new GenerateCredentialReportCommand({}))).State;
}

async function getReport(client: IAMClient): Promise<Record<string, string>[]> {
  const { Content } = await client.send(new GetCredentialReportCommand({}));
  return parse(Buffer.from(Content ?? []), { columns: true });
}

async function freshReport(client: IAMClient, clock: { advance(ms: number): void }) {
  await generate(client);
  clock.advance(10 * SECOND);
  return getReport(client);
}
