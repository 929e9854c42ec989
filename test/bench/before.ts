// The slack function as it was at an earlier commit, where this clone has that.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePlainly } from '../sandbox/deployment/bundle.ts';

/** Where the first press of a cold container was measured first. */
export const BEFORE = 'bd1d6ac';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function earlierSlackFunction(
  keep: (name: string, code: string) => string,
): Promise<{ file: string } | { why: string }> {
  const checkout = mkdtempSync(join(tmpdir(), 'keyrotate-before-'));
  try {
    const files = git('archive', BEFORE, 'src', 'manifest.json', 'package.json');
    execFileSync('tar', ['x', '-C', checkout], { input: files });
    // It is built with what is installed now: what is held against each other is its own code.
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    return { file: keep('before', await bundlePlainly('src/entry/slack-handler.ts', checkout)) };
  } catch (error) {
    return { why: `it could not be built (${String(error).split('\n')[0]})` };
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

function git(...given: string[]): Buffer {
  return execFileSync('git', given, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 });
}
