// A second `npm start` keeps away from what the first one keeps.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { giveBack, type Holder, take, tellWhere } from './one-at-a-time.ts';

let folder: string;
const file = () => join(folder, 'held', 'running.json');
const holder = async (): Promise<Holder> => JSON.parse(await readFile(file(), 'utf8'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrotate-'));
  expect(await take(file())).toBeUndefined();
});
afterEach(() => rm(folder, { recursive: true }));

it('tells whoever comes next which process has it, and where its page is', async () => {
  const page = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
  await tellWhere(file(), url);
  expect(await holder()).toEqual({ pid: process.pid, url });
  const other = { pid: process.ppid, url };
  await writeFile(file(), JSON.stringify(other));
  expect(await take(file())).toEqual(other);
  await new Promise((resolve) => page.close(resolve));
  expect(await take(file())).toBeUndefined();
  expect(await holder()).toEqual({ pid: process.pid });
});

it('believes a process that is still starting', async () => {
  await writeFile(file(), JSON.stringify({ pid: process.ppid }));
  expect(await take(file())).toEqual({ pid: process.ppid });
});

it.each([
  ['a process that has ended', JSON.stringify({ pid: spawnSync('true').pid })],
  ['a file that was not written to its end', '{"pid":'],
])('is taken over from %s', async (_, text) => {
  await writeFile(file(), text);
  expect(await take(file())).toBeUndefined();
  expect(await holder()).toEqual({ pid: process.pid });
});

it('is free once it was given back', async () => {
  await giveBack(file());
  await expect(holder()).rejects.toThrow('ENOENT');
});
