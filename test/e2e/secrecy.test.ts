// No secret is ever seen outside the vault: searched for in all that was logged, sent and stored, by a search that is shown to find.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../sandbox/clock.ts';
import {
  credentialsOf,
  leaks,
  places,
  readSecret,
  secretPath,
  secretValues,
} from '../sandbox/play/outcome.ts';
import {
  applicationUses,
  command,
  deliver,
  drain,
  keysOf,
  liveCard,
  passDays,
  run,
} from '../sandbox/play/play.ts';
import { type Sandbox, SIGNING_SECRET } from '../sandbox/sandbox.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';

let story: Story;
let sandbox: Sandbox;
let ana: string;
let path: string;

beforeEach(async () => {
  const used = { usedHoursAgo: 2, service: 's3' };
  story = await begin([
    { name: USER, tags: ANAS, keys: [{ age: 83, ...used }] },
    { name: 'fresh-app', tags: ANAS, keys: [{ age: 10, ...used }] },
  ]);
  sandbox = story.sandbox;
  ana = story.people.ana;
  path = secretPath(sandbox, USER);
});

afterEach(() => story.end());

const presses = (button: string) => story.presses(ana, USER, button);
const newKey = () => keysOf(sandbox, USER).at(-1);

/** Every secret there ever was, those of deleted keys included. */
function allSecrets(): string[] {
  return [...secretValues(sandbox), ...sandbox.aws.iam.state.deletedKeys.map(({ secret }) => secret)];
}

function placesThatHold(values: string[]): string[] {
  return Object.entries(places(sandbox))
    .filter(([, texts]) => values.some((value) => texts.some((text) => text.includes(value))))
    .map(([place]) => place);
}

describe('danger 28: secrets in logs, messages, queues or the table', () => {
  it('shows none in a whole rotation, anywhere but in the vault', async () => {
    const replies = [];
    replies.push(await presses('Create new key'));
    const id = newKey()?.id ?? '';
    await readSecret(sandbox, credentialsOf(sandbox, USER, id), path);
    await applicationUses(sandbox, id, 's3');
    replies.push(await presses('I replaced it everywhere'));
    replies.push(await presses('Turn off the old key'));
    replies.push(await presses('Turn off anyway'));
    await command(sandbox, ana, 'status', liveCard(sandbox, ana, USER).channel);
    await passDays(sandbox, 7);
    replies.push(await presses('Delete for good'));
    await run(sandbox, 'summary');

    expect(keysOf(sandbox, USER).map((key) => key.id)).toEqual([id]);
    expect(secretValues(sandbox)).toHaveLength(5); // two keys and the deleted one, Slack's token and signing secret
    for (const texts of Object.values(places(sandbox))) expect(texts.length).toBeGreaterThan(10);
    expect(leaks(sandbox)).toEqual([]);
    expect(placesThatHold(allSecrets())).toEqual([]);
    const told = JSON.stringify(replies);
    for (const value of allSecrets()) expect(told).not.toContain(value);
  });

  it('leaves no key id in full, no token and no answer address in the logs', async () => {
    await presses('Create new key');
    await presses('Discard new key');
    const log = sandbox.logs().join('\n');
    expect(log).toContain('"move":"discardNewKey"');
    expect(log).not.toMatch(/AKIA[A-Z0-9]{16}/);
    expect(log).not.toContain(sandbox.slack.workspace.bot.token);
    expect(log).not.toContain(SIGNING_SECRET);
    expect(log).not.toContain(sandbox.slack.wire.url);
  });

  it.each([
    ['refuses', 400, 'InvalidRequestException'],
    ['fails', 500, 'InternalServiceError'],
  ])('shows none when the vault %s and quotes what it was given', async (_, status, code) => {
    sandbox.aws.wire.interfere(({ action, input }) =>
      action === 'PutSecretValue'
        ? { kind: 'refuse', status, code, message: `cannot take ${input.SecretString}` }
        : undefined,
    );
    await presses('Create new key');
    sandbox.aws.wire.interfere(undefined);
    await drain(sandbox);
    expect(sandbox.aws.iam.state.deletedKeys).toHaveLength(1);
    expect(leaks(sandbox)).toEqual([]);
    expect(placesThatHold(allSecrets())).toEqual([]);
  });

  it('takes none that somebody pastes into a form', async () => {
    await presses('Create new key');
    const pasted = `web-1, with ${newKey()?.secret}`;
    const confirm = story.presses(ana, USER, 'I replaced it everywhere', {
      'Where did you replace it?': pasted,
    });
    await expect(confirm).rejects.toThrow('Leave it out');
    expect((await story.rotation(USER))?.stage).toBe('issued');
    expect(leaks(sandbox)).toEqual([]);
  });

  it('shows none when the answer with the new key in it is lost', async () => {
    sandbox.aws.wire.interfere(({ action }) => (action === 'CreateAccessKey' ? { kind: 'lose' } : undefined));
    await presses('Create new key');
    sandbox.aws.wire.interfere(undefined);
    sandbox.clock.advance(HOUR);
    await run(sandbox, 'tick');
    expect(keysOf(sandbox, USER)).toHaveLength(2);
    expect(leaks(sandbox)).toEqual([]);
  });
});

describe('the search itself', () => {
  const secret = () => {
    const [, version] = [...(sandbox.aws.secrets.state.secrets.get(path)?.versions ?? [])][0] ?? [];
    return JSON.parse((version as { value: string }).value).SecretAccessKey as string;
  };
  const forms = [
    ['as it is', (value: string) => value],
    ['in base64', (value: string) => Buffer.from(value).toString('base64')],
    ['as part of a URL', (value: string) => encodeURIComponent(value)],
  ] as const;

  beforeEach(() => presses('Create new key'));

  it.each(forms)('finds a secret %s in each of the places', async (_, form) => {
    expect(leaks(sandbox)).toEqual([]);
    const value = form(secret());
    const { region } = sandbox.organisation;
    const aws = {
      region,
      endpoint: sandbox.aws.wire.url,
      credentials: sandbox.aws.iam.session('administrator', 'careless'),
      systemClockOffset: sandbox.clock.now() - Date.now(),
    };
    const sqs = new SQSClient({ ...aws, credentials: sandbox.aws.iam.session('slack', 'careless') });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: sandbox.environment.CLICKS_QUEUE_URL,
        MessageBody: value,
        MessageGroupId: 'careless',
        MessageDeduplicationId: 'careless',
      }),
    );
    sqs.destroy();
    expect(leaks(sandbox).map((leak) => leak.split(':')[0])).toEqual(['queue messages']);

    const dynamo = new DynamoDBClient(aws);
    await dynamo.send(
      new PutItemCommand({
        TableName: sandbox.environment.TABLE_NAME,
        Item: { pk: { S: 'careless' }, sk: { S: 'careless' }, note: { S: value } },
      }),
    );
    dynamo.destroy();
    await fetch(`${sandbox.slack.wire.url}/api/chat.postMessage`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: `Bearer ${sandbox.slack.workspace.bot.token}`,
      },
      body: JSON.stringify({ channel: ana, text: `Your new key is ${value}` }),
    });
    (sandbox.functions.worker.logs as string[]).push(`{"level":"info","event":"${value}"}`);
    expect(leaks(sandbox).map((leak) => leak.split(':')[0])).toEqual([
      'the logs',
      'Slack messages and calls',
      'queue messages',
      'table items',
    ]);
    // what it reports is not itself a leak
    expect(leaks(sandbox).join()).not.toContain(secret());
  });

  it('knows the secrets that Slack gave, and those of every key', async () => {
    const values = secretValues(sandbox);
    expect(values).toContain(sandbox.slack.workspace.bot.token);
    expect(values).toContain(SIGNING_SECRET);
    for (const { keys } of sandbox.aws.iam.state.users.values())
      for (const key of keys) expect(values).toContain(key.secret);
  });

  it('would find the signing secret in a log', async () => {
    await deliver(sandbox, {});
    expect(leaks(sandbox)).toEqual([]);
    (sandbox.functions.slack.logs as string[]).push(`signed with ${SIGNING_SECRET}`);
    expect(leaks(sandbox)).toHaveLength(1);
  });
});
