// `npm run history` on the workspace's table, as an auditor who may read it and nothing else: as a file, or to be typed.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../sandbox.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

function commandOf({ aws, environment, organisation }: Sandbox) {
  const table = environment.TABLE_NAME ?? '';
  const role = 'auditor';
  if (!aws.iam.state.roles.has(role))
    aws.iam.addRole(role, [
      { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: `arn:aws:dynamodb:*:*:table/${table}` },
    ]);
  const { accessKeyId, secretAccessKey, sessionToken } = aws.iam.session(role, role);
  return {
    args: ['--table', table, '--region', organisation.region],
    env: {
      AWS_ENDPOINT_URL: aws.wire.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken ?? '',
    },
  };
}

/** For another terminal, in the project's folder. */
export function historyCommand(sandbox: Sandbox): string {
  const { env, args } = commandOf(sandbox);
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [...set, `npm run --silent history -- ${args.join(' ')}`].join(' \\\n  ');
}

/** Rejects with what it complained of. */
export async function historyFile(sandbox: Sandbox, isJson: boolean): Promise<string> {
  const { env, args } = commandOf(sandbox);
  const script = ['--import', 'tsx', 'src/entry/history-export.ts', ...args, ...(isJson ? ['--json'] : [])];
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, script, { cwd: ROOT, env: { PATH, HOME, ...env } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [file, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(complaint);
  return file;
}
