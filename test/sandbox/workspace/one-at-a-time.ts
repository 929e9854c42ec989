// What is kept belongs to one `npm start` at a time: a file names the process that has it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Holder {
  pid: number;
  /** Where its page is, once it is served. */
  url?: string;
}

/** Takes the file, also from a process that is gone. Resolves to who has it, where that is somebody else. */
export async function take(file: string): Promise<Holder | undefined> {
  await mkdir(dirname(file), { recursive: true });
  for (;;) {
    try {
      await writeFile(file, JSON.stringify({ pid: process.pid }), { flag: 'wx' });
      return undefined;
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
    const holder = await holderIn(file);
    if (holder && (await isThere(holder))) return holder;
    await rm(file, { force: true });
  }
}

/** So that whoever comes next can say where the page is. */
export async function tellWhere(file: string, url: string): Promise<void> {
  await writeFile(file, JSON.stringify({ pid: process.pid, url }));
}

export async function giveBack(file: string): Promise<void> {
  await rm(file, { force: true });
}

async function holderIn(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** In a container, and after a restart, its number may be that of another process: then nobody listens where its page was. */
async function isThere({ pid, url }: Holder): Promise<boolean> {
  if (pid === process.pid || !isAlive(pid)) return false;
  if (url === undefined) return true;
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    // Whoever plays a scene may be too busy to answer.
    (error: Error) => error.name === 'TimeoutError',
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
