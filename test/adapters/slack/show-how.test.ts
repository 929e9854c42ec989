// "Show me how": what stands in it works when it is copied into a shell, and shows the secret to nobody.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { buildHow } from '../../../src/adapters/slack/blocks/how.ts';
import type { Content } from '../../../src/adapters/slack/blocks/parts.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { TOOLS, type Tool } from '../../../src/usecases/jobs.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { at, NOW, newKey, oldKey, userAt, viewOf } from './fixtures.ts';
import { LONGEST } from './hostile.ts';

const SECRET = {
  Version: 1,
  AccessKeyId: 'AKIAEXAMPLENEWKEY000',
  SecretAccessKey: 'sEcReT/+=with"quotes$and`more`\\n',
};

function commands(tool: Tool, userName = 'ci-deploy'): string[] {
  return commandsIn(buildHow(tool, viewOf({ ...userAt('issued'), userName })));
}

/** As Slack would hand them to whoever copies them. */
function commandsIn({ blocks }: Content): string[] {
  const texts = blocks.map((block) => (block.type === 'section' ? (block.text?.text ?? '') : ''));
  return texts.flatMap((text) =>
    [...text.matchAll(/```([\s\S]*?)```/g)].map(([, code = '']) => copied(code)),
  );
}

const copied = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'keyrotate-how-'));
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, '.aws'));
  // Each notes what it was given, and what it was sent. Only `aws secretsmanager` answers.
  for (const name of ['aws', 'gh', 'glab', 'kubectl', 'docker', 'curl', 'terraform']) stub(name);
});
afterEach(() => rmSync(home, { recursive: true }));

function stub(name: string): void {
  const path = join(home, 'bin', name);
  const secret = JSON.stringify(SECRET).replaceAll("'", "'\\''");
  writeFileSync(
    path,
    `#!/bin/bash
if [ "$1" = secretsmanager ]; then printf '%s\\n' '${secret}'; exit; fi
printf '%s ' ${name} "$@" >> "$HOME/args"; echo >> "$HOME/args"
[ -t 0 ] || cat >> "$HOME/sent"
`,
  );
  chmodSync(path, 0o755);
}

function run(script: string) {
  return spawnSync('bash', ['-c', script], {
    cwd: home,
    input: '',
    encoding: 'utf8',
    env: { HOME: home, PATH: `${join(home, 'bin')}:${process.env.PATH}`, TFE_TOKEN: 'token' },
  });
}

const read = (name: string) => (existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8') : '');
const hasJq = spawnSync('jq', ['--version']).status === 0;

describe('each tool’s answer', () => {
  it.each(TOOLS)('fits into Slack for the longest name there may be: %s', (tool) => {
    const { blocks } = buildHow(tool, viewOf({ ...userAt('issued'), userName: LONGEST }));
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
  });

  it.each(TOOLS.filter((tool) => tool !== 'windows'))('is what a shell understands: %s', (tool) => {
    // One half is the file that the profile reads.
    for (const script of commands(tool, "we=i,r'd@+name").filter((one) => !one.startsWith('[profile')))
      expect(() => execFileSync('bash', ['-n', '-c', script])).not.toThrow();
  });

  it.each(TOOLS)('fetches the version that holds the new key: %s', (tool) => {
    expect(commands(tool).join('\n')).toMatch(
      /get-secret-value --region \S+ --profile YOUR_OLD_PROFILE --secret-id \S+ --version-id \S+/,
    );
  });
});

describe('where people have got keyrotate pull', () => {
  const view = viewOf(userAt('issued'), { pullCommand: 'npx @acme/keyrotate pull' });
  const command =
    /^npx @acme\/keyrotate pull --region \S+ --profile YOUR_OLD_PROFILE --secret-id \S+ --version-id \S+$/;

  it('the card tells of that in place of what a shell makes of AWS’s own', () => {
    const { blocks } = buildCard(view);
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(commandsIn({ blocks, text: '' })).toEqual([expect.stringMatching(command)]);
  });

  it('so does the answer for a profile, and for no other tool', () => {
    for (const tool of TOOLS) {
      const told = commandsIn(buildHow(tool, view)).some((one) => command.test(one));
      expect(told).toBe(tool === 'profile');
    }
  });
});

/** A file in which the secret stands alone, and that nobody else can read. */
function expectSecretIn(file: string): void {
  expect(JSON.parse(read(file))).toEqual(SECRET);
  expect(statSync(join(home, file)).mode & 0o77).toBe(0);
}

describe('the first command on a card', () => {
  const offNow = { offSince: NOW, offBy: 'keyrotate' } as const;
  const cards: [string, IamUser][] = [
    ['who is to put the key in place', userAt('issued')],
    ['whose old key is off', at('deactivated', offNow, { keys: [oldKey({ status: 'Inactive' }), newKey()] })],
  ];

  it.each(cards)(
    'shows the secret to nobody, and needs nothing but the AWS CLI: for the owner %s',
    (_, user) => {
      const [script = '', ...more] = commandsIn(buildCard(viewOf({ ...user, userName: "we=i,r'd@+name" })));
      expect(more).toEqual([]);
      expect(run(script)).toMatchObject({ stdout: '', stderr: '', status: 0 });
      expectSecretIn('.aws/new-key-of-we-i-r-d--name.json');
      expect(readdirSync(home).sort()).toEqual(['.aws', 'bin']);
    },
  );
});

describe.skipIf(!hasJq)(
  'copied into a shell, it hands the new key over and shows its secret to nobody',
  () => {
    const handsOver = (tool: Tool) => {
      const scripts = commands(tool).filter((one) => !one.startsWith('[profile'));
      const { stdout, stderr, status } = run(scripts.join('\n'));
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(stdout).not.toContain(SECRET.SecretAccessKey);
      return { args: read('args'), sent: read('sent') };
    };

    it('to a profile', () => {
      const { args } = handsOver('profile');
      expect(args).toBe(
        `aws configure set aws_access_key_id ${SECRET.AccessKeyId} --profile YOUR_OLD_PROFILE \naws configure set aws_secret_access_key ${SECRET.SecretAccessKey} --profile YOUR_OLD_PROFILE \n`,
      );
    });

    it('to what credential_process reads, in a file of one’s own', () => {
      handsOver('process');
      expectSecretIn('.aws/ci-deploy.json');
    });

    it.each([
      ['github', 'gh secret set'],
      ['gitlab', 'glab variable update'],
      ['terraform', 'curl'],
    ] as const)('to %s, by standard input', (tool, command) => {
      const { args, sent } = handsOver(tool);
      expect(args).toContain(command);
      expect(args).not.toContain(SECRET.SecretAccessKey);
      const given = tool === 'terraform' ? sent.replace(/^.*?"value": "/s, '') : sent;
      expect(given).toContain(
        tool === 'terraform'
          ? JSON.stringify(SECRET.SecretAccessKey).slice(1, -1)
          : `${SECRET.AccessKeyId}${SECRET.SecretAccessKey}`,
      );
    });

    it('to Docker, in a file of one’s own', () => {
      const { args } = handsOver('docker');
      expect(read('ci-deploy.env')).toBe(
        `AWS_ACCESS_KEY_ID=${SECRET.AccessKeyId}\nAWS_SECRET_ACCESS_KEY=${SECRET.SecretAccessKey}\n`,
      );
      expect(statSync(join(home, 'ci-deploy.env')).mode & 0o77).toBe(0);
      expect(args).toContain('docker compose up -d --force-recreate SERVICE');
    });

    it('to Kubernetes, in no annotation', () => {
      const { args, sent } = handsOver('kubernetes');
      expect(args).toContain('kubectl apply --server-side');
      expect(JSON.parse(sent).stringData).toEqual({
        AWS_ACCESS_KEY_ID: SECRET.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: SECRET.SecretAccessKey,
      });
    });

    it('and leaves no other file behind', () => {
      for (const tool of TOOLS) if (tool !== 'windows') handsOver(tool);
      expect(readdirSync(home).sort()).toEqual(['.aws', 'args', 'bin', 'ci-deploy.env', 'sent']);
    });
  },
);
