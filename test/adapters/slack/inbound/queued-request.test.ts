// Slack's request on its way through the queue: byte by byte as it came, and no longer than SQS takes.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readQueuedPress } from '../../../../src/adapters/slack/queued-press.ts';
import { MOST_BYTES, readRequest, writeRequest } from '../../../../src/adapters/slack/queued-request.ts';
import { UnreadableJob } from '../../../../src/adapters/unreadable-job.ts';
import type { LogFacts } from '../../../../src/usecases/ports.ts';
import { door } from './door.ts';

/** What all regions of SQS take. */
const SQS_BYTES = 262_144;
/** API Gateway lets no more headers through. */
const HEADERS = 10_240;

const signed = {
  'x-slack-request-timestamp': '1795165200',
  'x-slack-signature': `v0=${'0'.repeat(64)}`,
  'content-type': 'application/x-www-form-urlencoded',
};

it('arrives byte by byte, whatever its body is', () => {
  const bytes = fc.oneof(
    fc.uint8Array().map((array) => Buffer.from(array)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.webQueryParameters().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.string({ unit: 'binary' }), (body, type) => {
      const headers = { ...signed, 'content-type': type };
      const arrived = readRequest(JSON.parse(writeRequest({ headers, body })));
      expect(arrived).toEqual({ headers, body });
    }),
  );
});

it('carries no header besides those that its signature and its reading need', () => {
  const headers = { ...signed, cookie: 'c', authorization: 'Bearer x', 'x-forwarded-for': '192.0.2.1' };
  expect(JSON.parse(writeRequest({ headers, body: Buffer.from('a=1') })).headers).toEqual(signed);
});

it.each([
  ['a form', 'a'],
  ['JSON', '"'],
  ['what is no text', '\u0000'],
  ['what is written in two bytes', 'é'],
])('fits into a message, however large the door lets it be: %s', (_, character) => {
  const body = Buffer.alloc(MOST_BYTES, character);
  const headers = { ...signed, 'content-type': 'x'.repeat(HEADERS) };
  expect(Buffer.byteLength(writeRequest({ headers, body }))).toBeLessThan(SQS_BYTES);
});

const reading = (body: string) => {
  const { workspace, clock } = door();
  const logged: [string, LogFacts | undefined][] = [];
  const log = (event: string, facts?: LogFacts) => logged.push([event, facts]);
  const asked = readQueuedPress(
    body,
    { messageId: 'message-1', sender: 'AIDAMALLORY' },
    {
      ...{ teamId: workspace.team.id, appId: workspace.appId, now: clock.now },
      signingSecrets: () => Promise.reject(new Error('nobody needs them')),
      among: { accounts: ['111122223333'], accountName: () => 'prod' },
      log: { info: log, warn: log, error: log },
      // Where nothing listens.
      responseUrlBase: 'http://127.0.0.1:9/',
    },
  );
  return { asked, logged };
};

const version1 = readFileSync(new URL('../../queue/version-1.jsonl', import.meta.url), 'utf8');

it.each(version1.split('\n').filter((line) => line.includes('personId')))(
  'a job in somebody’s name, as version 1 wrote it, is not done: %s',
  async (body) => {
    const { asked, logged } = reading(body);
    expect(await asked).toBeUndefined();
    expect(logged).toEqual([
      ['press.turnedAway', { jobId: 'message-1', sender: 'AIDAMALLORY', code: 'earlier_version' }],
    ]);
  },
);

it('a message of a later version is left to that version', async () => {
  const later = reading(JSON.stringify({ v: 3, whatever: true }));
  await expect(later.asked).rejects.toThrow(new UnreadableJob('it has version 3, and this version knows 2'));
  expect(later.logged).toEqual([]);
});
