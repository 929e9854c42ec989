// `npm run doctor` as an operator runs it: the framework's own command, with their own credentials, against the sandbox's servers.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../sandbox/sandbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where no `.env` of somebody's lies. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyrotate-doctor-'));
  for (const item of ['serverless.yml', 'package.json', 'tsconfig.json', 'src'])
    cpSync(join(ROOT, item), join(folder, item), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export interface Told {
  lines: string[];
  exitCode: number | null;
}

/** With the settings of the sandbox's own deployment, unless others are given. */
export async function doctor(
  sandbox: Sandbox,
  settings: Record<string, string> = {},
  stage = 'dev',
  more: string[] = [],
): Promise<Told> {
  const { clock, environment, aws, slack, organisation } = sandbox;
  const { accessKeyId, secretAccessKey, sessionToken } = aws.iam.session('administrator', 'operator');
  const own = ['MODE', 'SLACK_TEAM_ID', 'SLACK_APP_ID', 'ADMIN_CHANNEL', 'ADMINS', 'SECRET_READERS'];
  const args = ['serverless', 'check', '--stage', stage, '--region', organisation.region, ...more];
  const folder = checkout();
  const child = spawn('npx', args, {
    cwd: folder,
    env: {
      // Both look at one clock.
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${clock.now() - Date.now()};`)}`,
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...Object.fromEntries(own.map((name) => [name, environment[name]])),
      ...settings,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL: aws.wire.url,
      SLACK_API_URL: `${slack.wire.url}/api/`,
    },
  });
  const lines: string[] = [];
  for await (const chunk of child.stdout) lines.push(String(chunk));
  const exitCode = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.on('exit', resolve);
  });
  rmSync(folder, { recursive: true });
  return { lines: lines.join('').split('\n').filter(Boolean), exitCode };
}

export const wrong = ({ lines }: Told) => lines.filter((line) => line.startsWith('✗'));
