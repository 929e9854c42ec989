// ~/.aws/credentials on disk: one rewriting at a time, whole or not at all, with what was there before beside it.
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { Refused } from './refused.ts';

/** What is asked of the disk; a test lets it break off after each step. */
export type Disk = Pick<
  typeof fs,
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'writeSync'
>;

export interface Rewritten {
  /** false: it was as it should be. */
  changed: boolean;
  /** The file itself, behind all links. */
  file: string;
  /** Where that lies which was there before; undefined: nothing was. */
  copy?: string;
}

/** Nobody's credentials file is a hundredth of that; something else may be. */
const MOST_BYTES = 1_048_576;

/** As latin1: a character for each byte. undefined: there is no such file. Throws Refused (file). */
export function textAt(path: string, disk: Disk = fs): string | undefined {
  return saying(path, () => {
    const found = lookAt(path, disk);
    return found && disk.readFileSync(found.file).toString('latin1');
  });
}

/** The same of a file that is to be rewritten. Throws Refused (file) also where that would be refused by now. */
export function textToRewrite(path: string, disk: Disk = fs): string | undefined {
  return saying(path, () => {
    const found = lookAt(path, disk);
    if (found) demandWritable(path, found.stat);
    const next = besides(found?.file ?? path);
    if (disk.lstatSync(next, { throwIfNoEntry: false })) throw isBeingWritten(next);
    return found && disk.readFileSync(found.file).toString('latin1');
  });
}

/**
 * Throws Refused (file), as `edit` does, and then nothing was changed. Whoever opens the new file first holds the lock: git
 * does it so. All of it is one turn of the event loop.
 */
export function rewrite(path: string, edit: (text: string) => string, disk: Disk = fs): Rewritten {
  return saying(path, () => {
    const found = lookAt(path, disk);
    if (found) demandWritable(path, found.stat);
    else disk.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = found?.file ?? path;
    const next = besides(file);
    const handle = openAlone(next, disk);
    let left: 'open' | 'closed' | 'nothing' = 'open';
    try {
      const before = found && disk.readFileSync(file);
      const after = Buffer.from(edit(before?.toString('latin1') ?? ''), 'latin1');
      if (before?.equals(after)) return { changed: false, file };
      const copy = before && keepCopy(`${file}.keyrotate-before`, before, disk);
      fill(handle, after, found?.stat, disk);
      disk.closeSync(handle);
      left = 'closed';
      demandUntouched(file, before, disk);
      disk.renameSync(next, file);
      left = 'nothing';
      syncFolder(dirname(file), disk);
      return { changed: true, file, ...(copy && { copy }) };
    } finally {
      if (left === 'open') disk.closeSync(handle);
      if (left !== 'nothing') disk.rmSync(next);
    }
  });
}

function lookAt(path: string, disk: Disk): { file: string; stat: fs.Stats } | undefined {
  if (!disk.lstatSync(path, { throwIfNoEntry: false })) return undefined;
  const stat = disk.statSync(path, { throwIfNoEntry: false });
  if (!stat) throw refused(`${path} is a link to what is not there: mend the link.`);
  if (!stat.isFile()) throw refused(`${path} is no file: look at it.`);
  if (stat.size > MOST_BYTES) throw refused(`${path} has more than a megabyte: look at it.`);
  return { file: disk.realpathSync(path), stat };
}

function demandWritable(path: string, stat: fs.Stats): void {
  // Replacing it would pass over both.
  if ((stat.mode & 0o200) === 0)
    throw refused(`${path} is read-only: if you may change it, make it writable, and run this again.`);
  if (stat.nlink > 1)
    throw refused(
      `${path} has ${stat.nlink} names (hard links), and the others would keep the old key: make it a file of its own.`,
    );
}

function openAlone(next: string, disk: Disk): number {
  try {
    return disk.openSync(next, 'wx', 0o600);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? isBeingWritten(next) : error;
  }
}

function besides(file: string): string {
  return `${file}.keyrotate-new`;
}

function isBeingWritten(next: string): Refused {
  return refused(
    `${next} is there: another keyrotate is at it, or has broken off. If none is running, delete that file, and run this again.`,
  );
}

/** For nobody but its owner: all profiles are in it. */
function keepCopy(copy: string, bytes: Buffer, disk: Disk): string {
  disk.rmSync(copy, { force: true });
  const handle = disk.openSync(copy, 'wx', 0o600);
  try {
    writeAll(handle, bytes, disk);
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
  return copy;
}

function fill(handle: number, bytes: Buffer, like: fs.Stats | undefined, disk: Disk): void {
  writeAll(handle, bytes, disk);
  if (like) {
    const made = disk.fstatSync(handle);
    if (made.uid !== like.uid || made.gid !== like.gid) disk.fchownSync(handle, like.uid, like.gid);
    disk.fchmodSync(handle, like.mode & 0o777);
  }
  disk.fsyncSync(handle);
}

function writeAll(handle: number, bytes: Buffer, disk: Disk): void {
  for (let done = 0; done < bytes.length; ) done += disk.writeSync(handle, bytes, done);
}

function demandUntouched(file: string, before: Buffer | undefined, disk: Disk): void {
  const isThere = disk.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const isSame = before ? isThere && disk.readFileSync(file).equals(before) : !isThere;
  if (!isSame) throw refused(`${file} was changed by something else meanwhile: run this again.`);
}

/** So that the new name outlasts a power cut. Windows has no such thing. */
function syncFolder(folder: string, disk: Disk): void {
  try {
    const handle = disk.openSync(folder, 'r');
    try {
      disk.fsyncSync(handle);
    } finally {
      disk.closeSync(handle);
    }
  } catch {
    // It is written all the same.
  }
}

function saying<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof Refused || code === undefined) throw error;
    throw refused(
      `${path}, or its folder, cannot be used (${code}): ${ADVICE[code] ?? 'look at it, and run this again'}.`,
    );
  }
}

const ADVICE: Record<string, string> = {
  EACCES: 'it, or what is to be written beside it, is not for you; run this as whoever owns it',
  EPERM: 'it belongs to somebody else, or is held open; run this as whoever owns it',
  EROFS: 'it lies on what is read-only, such as a mounted secret; change it at its source',
  ENOSPC: 'the disk is full; make room, and run this again',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function refused(message: string): Refused {
  return new Refused('file', message);
}
