// What is typed after `npm start --`: asked wrongly, nothing is started, and it is said how to ask.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('start.ts', import.meta.url));

function start(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { encoding: 'utf8' });
}

it('says which options there are', () => {
  const { status, stdout } = start('--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: npm start -- .*--reset .*--port/s);
});

it.each([
  [['--nonsense'], /^Unknown option '--nonsense'/],
  [['--port', 'many'], /^--port is a number up to 65535, not many\n/],
  [['--port', '70000'], /^--port is a number up to 65535, not 70000\n/],
])('refuses %j in a sentence, with what there is instead', (args, words) => {
  const { status, stderr } = start(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(words);
  expect(stderr).toContain('Usage: npm start --');
  expect(stderr).not.toContain('    at ');
});
