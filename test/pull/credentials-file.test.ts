// ~/.aws/credentials on a real disk: links, modes, a second run, and a machine that stops between any two steps.
import * as fs from 'node:fs';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, rewrite, textAt, textToRewrite } from '../../src/pull/credentials-file.ts';
import { Refused } from '../../src/pull/refused.ts';
import { refusal } from './refusal.ts';

const OLD = '[ci]\nold, with é\n';
const toNew = (text: string) => text.replace('old', 'new');
const NEW = toNew(OLD);

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'keyrotate-file-'));
  mkdirSync(join(home, '.aws'));
  path = join(home, '.aws/credentials');
  writeFileSync(path, OLD, { mode: 0o600 });
});
afterEach(() => rmSync(home, { recursive: true }));

const read = (file: string) => readFileSync(file, 'utf8');
const modeOf = (file: string) => statSync(file).mode & 0o777;
const there = () => readdirSync(join(home, '.aws')).sort();

describe('a file is written', () => {
  it.each([0o600, 0o640, 0o644])(
    'in its own mode, %o, with what was there before beside it, for its owner alone',
    (mode) => {
      chmodSync(path, mode);
      const copy = `${path}.keyrotate-before`;
      writeFileSync(copy, 'of the time before', { mode: 0o644 });
      expect(rewrite(path, toNew)).toEqual({ changed: true, file: path, copy });
      expect(read(path)).toBe(NEW);
      expect(modeOf(path)).toBe(mode);
      expect(read(copy)).toBe(OLD);
      expect(modeOf(copy)).toBe(0o600);
      expect(there()).toEqual(['credentials', 'credentials.keyrotate-before']);
    },
  );

  it('not at all when it is as it should be, and then the copy stays', () => {
    rewrite(path, toNew);
    const { mtimeNs, ino } = statSync(path, { bigint: true });
    expect(rewrite(path, toNew)).toEqual({ changed: false, file: path });
    expect(statSync(path, { bigint: true })).toMatchObject({ mtimeNs, ino });
    expect(read(`${path}.keyrotate-before`)).toBe(OLD);
    expect(there()).toEqual(['credentials', 'credentials.keyrotate-before']);
  });

  it('where a link leads, be it of the file or of its folder, and the link stays', () => {
    mkdirSync(join(home, 'dotfiles'));
    const real = join(home, 'dotfiles/aws-credentials');
    fs.renameSync(path, real);
    symlinkSync('../dotfiles/aws-credentials', path);
    symlinkSync('.aws', join(home, 'linked'));
    expect(rewrite(join(home, 'linked/credentials'), toNew).file).toBe(fs.realpathSync(real));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path)).toBe('../dotfiles/aws-credentials');
    expect(read(real)).toBe(NEW);
    expect(there()).toEqual(['credentials']);
  });

  it('where there is none, with its folder, for its owner alone', () => {
    const none = join(home, 'new/.aws/credentials');
    expect(textAt(none)).toBeUndefined();
    expect(rewrite(none, () => NEW)).toEqual({ changed: true, file: none });
    expect(modeOf(none)).toBe(0o600);
    expect(modeOf(join(home, 'new/.aws'))).toBe(0o700);
    expect(readdirSync(join(home, 'new/.aws'))).toEqual(['credentials']);
  });
});

describe('a file is left alone', () => {
  const left = (words: RegExp, file = path) => {
    const before = there();
    expect(refusal(() => rewrite(file, toNew))).toMatch(words);
    expect(there()).toEqual(before);
  };

  it('that is read-only', () => {
    chmodSync(path, 0o400);
    left(/credentials is read-only: if you may change it, make it writable/);
    expect(read(path)).toBe(OLD);
  });

  it('that has other names', () => {
    linkSync(path, join(home, 'another'));
    left(/has 2 names \(hard links\)/);
  });

  it('that is no file, or a link to nothing, or no credentials file by its size', () => {
    left(/is no file/, join(home, '.aws'));
    symlinkSync('nowhere', join(home, 'link'));
    left(/is a link to what is not there/, join(home, 'link'));
    writeFileSync(path, 'x'.repeat(2_000_000));
    left(/more than a megabyte/);
  });

  it('while another run is at it, which goes on undisturbed', () => {
    let told = '';
    rewrite(path, (text) => {
      told = refusal(() => rewrite(path, () => 'of the second'));
      return toNew(text);
    });
    expect(told).toMatch(
      /credentials\.keyrotate-new is there: another keyrotate is at it, or has broken off/,
    );
    expect(read(path)).toBe(NEW);
    expect(there()).toEqual(['credentials', 'credentials.keyrotate-before']);
  });

  it('that something else changes meanwhile', () => {
    const others = 'written by aws configure';
    const changing = (text: string) => {
      writeFileSync(path, others);
      return toNew(text);
    };
    expect(refusal(() => rewrite(path, changing))).toContain(
      'was changed by something else meanwhile: run this again',
    );
    expect(read(path)).toBe(others);
    expect(there()).toEqual(['credentials', 'credentials.keyrotate-before']);
  });

  it('when what is to stand there is refused', () => {
    const refusing = () => {
      throw new Refused('file', 'no');
    };
    expect(refusal(() => rewrite(path, refusing))).toBe('no');
    expect(there()).toEqual(['credentials']);
    expect(read(path)).toBe(OLD);
  });

  it.each([
    ['EACCES', 'openSync', /cannot be used \(EACCES\): .* run this as whoever owns it\.$/],
    ['EROFS', 'openSync', /\(EROFS\): it lies on what is read-only/],
    ['ENOSPC', 'writeSync', /\(ENOSPC\): the disk is full/],
    ['EPERM', 'renameSync', /\(EPERM\): it belongs to somebody else, or is held open/],
    ['EIO', 'fsyncSync', /\(EIO\): look at it, and run this again/],
  ] as const)('when the disk says %s to %s', (code, step, words) => {
    const disk: Disk = {
      ...fs,
      [step]: () => {
        throw Object.assign(new Error(code), { code });
      },
    };
    expect(refusal(() => rewrite(path, toNew, disk))).toMatch(words);
    expect(read(path)).toBe(OLD);
    expect(there()).not.toContain('credentials.keyrotate-new');
  });
});

describe('a machine that stops', () => {
  class Stopped extends Error {}

  /** After so many steps nothing is done any more, tidying up included. Writes are cut in two. */
  function mortal(steps: number): { disk: Disk; taken: () => number } {
    let taken = 0;
    const step = (name: string, does: (...given: never[]) => unknown) => {
      return (...given: never[]) => {
        taken += 1;
        if (taken > steps) throw new Stopped(name);
        return does(...given);
      };
    };
    const cut = {
      ...fs,
      writeSync: (to: number, data: Buffer, from: number) =>
        fs.writeSync(to, data, from, 1 + ((data.length - from) >> 1)),
    };
    const disk = Object.fromEntries(
      Object.entries(cut).map(([name, does]) => [
        name,
        typeof does === 'function' ? step(name, does as never) : does,
      ]),
    );
    return { disk: disk as unknown as Disk, taken: () => taken };
  }

  it('between any two steps leaves the old file or the new one, whole, and a second run says what to do', () => {
    let steps = 0;
    const seen = new Set<string>();
    for (; ; steps += 1) {
      rmSync(join(home, '.aws'), { recursive: true });
      mkdirSync(join(home, '.aws'));
      writeFileSync(path, OLD, { mode: 0o640 });
      const { disk } = mortal(steps);
      let isWhole = true;
      try {
        rewrite(path, toNew, disk);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        isWhole = false;
      }
      const now = read(path);
      expect([OLD, NEW]).toContain(now);
      expect(modeOf(path)).toBe(0o640);
      seen.add(now);
      if (isWhole) break;
      if (existsSync(`${path}.keyrotate-new`)) {
        expect(refusal(() => textToRewrite(path))).toContain('or has broken off');
        expect(refusal(() => rewrite(path, toNew))).toContain(
          'If none is running, delete that file, and run this again.',
        );
        rmSync(`${path}.keyrotate-new`);
      }
      rewrite(path, toNew);
      expect(read(path)).toBe(NEW);
    }
    expect(steps).toBeGreaterThan(15);
    expect(seen).toEqual(new Set([OLD, NEW]));
  });
});
