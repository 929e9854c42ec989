// What the roles grant against what the functions use, both ways, and the page that tells it.

import { readFileSync } from 'node:fs';
import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ANAS, begin, beginIn } from '../e2e/story.ts';
import type { FunctionName } from '../sandbox/deployment/serverless-file.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { secretPath } from '../sandbox/play/outcome.ts';
import { run } from '../sandbox/play/play.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { page } from './page.ts';
import { LIVE, MEMBER, PREVIEW, SCENES } from './permission-scenes.ts';
import { DENIALS, REASONS, type Reason } from './reasons.ts';
import { explains, isWide, memberRights, neverUsed, type Right, rightsIn } from './rights.ts';
import { type Use, WORKER_OCCASIONS } from './uses.ts';

const MODES = ['preview', 'live'] as const;
const USERS = [
  { name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] },
  { name: 'root-like', path: '/protected/', tags: ANAS, keys: [{ age: 10 }] },
];

/** Each scene is played once for all that look at it. */
const playing = new Map<string, Promise<Use[]>>();

function scene(title: string): Promise<Use[]> {
  const uses = playing.get(title) ?? SCENES[title]?.() ?? Promise.resolve([]);
  playing.set(title, uses);
  return uses;
}

async function played(): Promise<Use[]> {
  const uses: Use[] = [];
  for (const title of Object.keys(SCENES)) uses.push(...(await scene(title)));
  return uses;
}

const granted = (mode: Mode) => rightsIn(mode, mode === 'live' ? LIVE : PREVIEW);
const reasonsFor = (right: Right): Reason[] =>
  ((right.effect === 'Allow' ? REASONS : DENIALS)[right.function as FunctionName] ?? []).filter((reason) =>
    explains(reason, right),
  );
const sentence = ({ effect, function: name, action, resource }: Right) =>
  `${name}: ${effect} ${action} on ${resource}`;

describe('the roles', () => {
  it.each(Object.keys(SCENES))('lack nothing that a function tries: %s', async (title) => {
    await expect(scene(title)).resolves.not.toEqual([]);
  });

  it.each(MODES)('grant nothing that no scene uses (%s)', async (mode) => {
    const uses = await played();
    expect(
      neverUsed(
        granted(mode),
        uses.filter((use) => use.mode === mode),
      ),
    ).toEqual([]);
  });

  it('of another account grant nothing that no scene uses there', async () => {
    expect(neverUsed(memberRights('live', MEMBER.account), await played())).toEqual([]);
  });

  it('are tried by every press, every command and every kind of job', async () => {
    const seen = new Set((await played()).map(({ during }) => during));
    expect(WORKER_OCCASIONS.filter((occasion) => !seen.has(occasion))).toEqual([]);
  });

  it('name every action', () => {
    expect(
      granted('live')
        .filter(({ action }) => /[*?]/.test(action))
        .map(sentence),
    ).toEqual([]);
  });

  it('name every resource, or say why it cannot be named', () => {
    const unexplained = granted('live').filter((right) =>
      reasonsFor(right).some(({ wide }) => (wide !== undefined) !== isWide(right.resource)),
    );
    expect(unexplained.map(sentence)).toEqual([]);
  });

  it('have one reason for each right and each denial', () => {
    expect(
      granted('live')
        .filter((right) => reasonsFor(right).length !== 1)
        .map(sentence),
    ).toEqual([]);
  });

  it('have no reason for what is neither granted nor denied', () => {
    const known = granted('live').map(({ effect, function: name, action }) => `${effect} ${name} ${action}`);
    const told = (effect: string, table: Partial<Record<FunctionName, Reason[]>>) =>
      Object.entries(table).flatMap(([name, reasons]) =>
        reasons.flatMap(({ actions }) => actions.map((action) => `${effect} ${name} ${action}`)),
      );
    const all = [...told('Allow', REASONS), ...told('Deny', DENIALS)];
    expect(all.filter((one) => !known.includes(one))).toEqual([]);
  });
});

/** Somebody else's program with a function's credentials, and what AWS answers it. */
function thief(sandbox: Sandbox, name: FunctionName) {
  const settings = {
    region: sandbox.organisation.region,
    endpoint: sandbox.aws.wire.url,
    credentials: sandbox.aws.iam.session(name, 'thief'),
    systemClockOffset: sandbox.clock.now() - Date.now(),
    maxAttempts: 1,
  };
  const [iam, vault] = [new IAMClient(settings), new SecretsManagerClient(settings)];
  onTestFinished(() => {
    iam.destroy();
    vault.destroy();
  });
  const answer = (asked: Promise<unknown>) =>
    asked.then(
      () => 'done',
      (error: Error) => error.name,
    );
  return {
    makesKey: (UserName: string) => answer(iam.send(new CreateAccessKeyCommand({ UserName }))),
    deletesKey: (UserName: string, AccessKeyId: string) =>
      answer(iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }))),
    reads: (SecretId: string) => answer(vault.send(new GetSecretValueCommand({ SecretId }))),
  };
}

describe('whoever holds the credentials of a function', () => {
  it('cannot read a key back as the worker, not even where all else allows it', async () => {
    const { sandbox, people, presses, end } = await begin(USERS);
    onTestFinished(end);
    await presses(people.ana, 'ci-deploy', 'Create new key');
    const path = secretPath(sandbox, 'ci-deploy');
    delete sandbox.aws.secrets.state.secrets.get(path)?.policy;
    const worker = sandbox.aws.iam.state.roles.get('worker');
    worker?.policies.push({ Effect: 'Allow', Action: '*', Resource: '*' });
    expect(await thief(sandbox, 'worker').reads(path)).toBe('AccessDeniedException');
    expect(await thief(sandbox, 'worker').reads('keyrotate/slack')).toBe('done');
  });

  it('cannot touch a protected user as the worker, and can make keys for others', async () => {
    const { sandbox, keyIds, end } = await begin(USERS);
    onTestFinished(end);
    const worker = thief(sandbox, 'worker');
    expect(await worker.makesKey('root-like')).toBe('AccessDenied');
    expect(await worker.deletesKey('root-like', keyIds('root-like')[0] ?? '')).toBe('AccessDenied');
    expect(await worker.makesKey('ci-deploy')).toBe('done');
  });

  it.each([
    ['worker', 'preview'],
    ['slack', 'live'],
    ['scheduler', 'live'],
    ['sweeper', 'live'],
  ] as const)('can make no key as the %s in %s', async (name, mode) => {
    const sandbox = await startSandbox({ seed: 'nobody', mode });
    await beginIn(sandbox, USERS);
    expect(await thief(sandbox, name).makesKey('ci-deploy')).toBe('AccessDenied');
    await expect(sandbox.close()).rejects.toThrow(`${name} lacks iam:CreateAccessKey`);
  });
});

describe('the comparison', () => {
  it('tells of a right that nothing uses, by function, action and resource', () => {
    const right = { function: 'slack', effect: 'Allow', action: 'sqs:SendMessage' } as const;
    const queue = (name: string) => `arn:aws:sqs:eu-central-1:111122223333:${name}`;
    const use = { ...right, resource: queue('clicks'), mode: 'live', during: 'every request' } as const;
    const rights = ['clicks', 'upkeep'].map((name) => ({ ...right, resource: queue(name) }));
    expect(neverUsed(rights, [use])).toEqual([
      `slack may sqs:SendMessage on ${queue('upkeep')}, and no scene uses it`,
    ]);
  });

  it('tells of a right that a function lacks, by function, action and resource, however well it copes', async () => {
    const sandbox = await startSandbox({ seed: 'nobody' });
    const role = sandbox.aws.iam.state.roles.get('scheduler');
    if (role) role.policies = [];
    await run(sandbox, 'tick').catch(() => undefined);
    await expect(sandbox.close()).rejects.toThrow(
      `scheduler lacks dynamodb:Query on arn:aws:dynamodb:eu-central-1:111122223333:table/${sandbox.environment.TABLE_NAME}/index/byNextAt`,
    );
  });
});

describe('docs/PERMISSIONS.md', () => {
  it('says what is granted and what it is used for: `npm run permissions` writes it anew', async () => {
    const committed = readFileSync(new URL('../../docs/PERMISSIONS.md', import.meta.url), 'utf8');
    expect(committed, 'run `npm run permissions` and look at what changed').toBe(page(await played()));
  });
});
