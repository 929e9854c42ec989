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

describe('a report', () => {
  it('is made at most once in four hours: until then the old one is served, after that none', async () => {
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
