// Slack's own secrets, as the operator stores them and as the functions read them.
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';
import { fetchSlackCredentials } from '../../../src/adapters/aws/slack-credentials.ts';
import { startWorld, type World } from './aws-world.ts';

const NAME = 'keyrotate/slack';
const TOKEN = 'xoxb-1-the-token';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

async function store(SecretString: string): Promise<void> {
  await world.secretsClient('admin').send(new CreateSecretCommand({ Name: NAME, SecretString }));
}

const fetched = () => fetchSlackCredentials(world.secretsClient('worker'), NAME);

async function revealed() {
  const { token, signingSecrets } = await fetched();
  return [token, ...signingSecrets].map((secret) => secret.reveal());
}

describe('Slack’s secret', () => {
  test('holds the token and the signing secret', async () => {
    await store(JSON.stringify({ botToken: TOKEN, signingSecret: 'now' }));
    expect(await revealed()).toEqual([TOKEN, 'now']);
  });

  test('holds the previous signing secret too during a change', async () => {
    await store(JSON.stringify({ botToken: TOKEN, signingSecret: 'now', previousSigningSecret: 'before' }));
    expect(await revealed()).toEqual([TOKEN, 'now', 'before']);
  });

  test.each(['', '  ', '\n', null])('has no previous one when that is %j', async (previousSigningSecret) => {
    await store(JSON.stringify({ botToken: TOKEN, signingSecret: 'now', previousSigningSecret }));
    expect(await revealed()).toEqual([TOKEN, 'now']);
  });

  test('is read without the line breaks of whoever pasted it, and without the mark that some editors begin a file with', async () => {
    await store(`\uFEFF${JSON.stringify({ botToken: `${TOKEN}\n`, signingSecret: ' now\n' })}`);
    expect(await revealed()).toEqual([TOKEN, 'now']);
  });

  test('is read anew each time', async () => {
    await store(JSON.stringify({ botToken: TOKEN, signingSecret: 'now' }));
    await fetched();
    const SecretString = JSON.stringify({ botToken: TOKEN, signingSecret: 'next' });
    await world.secretsClient('admin').send(new PutSecretValueCommand({ SecretId: NAME, SecretString }));
    expect(await revealed()).toEqual([TOKEN, 'next']);
  });

  test('shows nothing of itself when it is printed', async () => {
    await store(JSON.stringify({ botToken: TOKEN, signingSecret: 'now' }));
    expect(JSON.stringify(await fetched())).toBe('{"token":"[secret]","signingSecrets":["[secret]"]}');
  });

  test.each([
    ['no JSON', 'xoxb-1-the-token'],
    ['an array', '[]'],
    ['null', 'null'],
    ['empty', '{}'],
    ['without a token', JSON.stringify({ signingSecret: 'now' })],
    ['without a signing secret', JSON.stringify({ botToken: TOKEN })],
    ['with an empty signing secret', JSON.stringify({ botToken: TOKEN, signingSecret: '' })],
    ['with a blank signing secret', JSON.stringify({ botToken: TOKEN, signingSecret: ' ' })],
    ['with a token of another kind', JSON.stringify({ botToken: 'xoxp-1-the-token', signingSecret: 'now' })],
  ])('is refused, and not quoted, when it is %s', async (_, value) => {
    await store(value);
    const error = await fetched().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ outcome: 'refused', code: 'SlackSecretMalformed' });
    expect(String(error)).not.toMatch(/the-token|now/);
  });

  test('that is not there is told as AWS tells it', async () => {
    await expect(fetched()).rejects.toMatchObject({ operation: 'GetSecretValue', code: 'ResourceNotFound' });
  });
});
