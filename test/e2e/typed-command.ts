// A command as somebody runs it in a terminal, with a role's credentials, against the sandbox's servers.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../sandbox/sandbox.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Both look at one clock. */
export async function typed(
  { aws, clock }: Sandbox,
  script: string,
  args: string[],
  role: string,
  env: Record<string, string> = {},
) {
  const { accessKeyId, secretAccessKey, sessionToken } = aws.iam.session(role, role);
  const ahead = clock.now() - Date.now();
  const child = spawn('npx', ['tsx', script, ...args], {
    cwd: ROOT,
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${ahead};`)}`,
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL: aws.wire.url,
      ...env,
    },
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      texts[name] += chunk;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { ...texts, exitCode };
}
