// The sandbox stands alone: one that shared code with what it judges would share its mistakes.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const SANDBOX = 'test/sandbox/';
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g;
/** Slack grants what the app's manifest asks for; a test may have what all tests have. */
const SHARED = ['manifest.json', 'test/only.ts'];

const filesIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
const everything = [...filesIn('src'), ...filesIn('test')];
const own = everything.filter((file) => file.startsWith(SANDBOX));

it.each(own.filter((file) => file.endsWith('.ts')))('%s imports nothing from outside the sandbox', (file) => {
  const targets = [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, target = '']) =>
    join(file, '..', target),
  );
  expect(targets.filter((target) => !target.startsWith(SANDBOX) && !SHARED.includes(target))).toEqual([]);
});

it.each(own)('%s has a name that no other file has', (file) => {
  const others = everything.filter((other) => other !== file);
  expect(others.filter((other) => basename(other) === basename(file))).toEqual([]);
});
