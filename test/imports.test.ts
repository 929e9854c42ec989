// The house rules about imports, held for every file: one way between the rooms, no cycles, one reader of the environment.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;
const FLOORS = ['domain', 'usecases', 'adapters', 'entry'];
const ROOMS = ['aws', 'store', 'queue', 'slack'];
/** The second is started on a machine of its own, without a setting. */
const READERS = ['src/entry/config.ts', 'src/pull/config.ts'];
const IMPORT = /^(?:import|export)(?:\s+type)?\s+(?:[\w*\s{},]+\s+from\s+)?'([^']+)'/gm;

const everything = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
const sources = everything.filter((file) => /\.c?ts$/.test(file));

function importsOf(file: string): string[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, target = '']) => target);
}

/** The imports that stay in the project, as paths from its root. */
function localImports(file: string): string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => join(dirname(file), target));
}

const floorOf = (file: string) => FLOORS.indexOf(file.split('/')[1] ?? '');
const roomOf = (file: string) => (file.startsWith('src/adapters/') ? file.split('/')[2] : undefined);

describe.each(sources)('%s', (file) => {
  it.skipIf(floorOf(file) < 0)('imports only from its own floor or from below', () => {
    expect(localImports(file).filter((target) => floorOf(target) > floorOf(file))).toEqual([]);
  });

  it('does not reach into another room', () => {
    const room = roomOf(file);
    const foreign = localImports(file).filter((target) => {
      const other = roomOf(target);
      return other !== undefined && ROOMS.includes(other) && other !== room;
    });
    if (room !== undefined && ROOMS.includes(room)) expect(foreign).toEqual([]);
  });

  it('imports zod in its small form, and as a namespace: all else is several times as large in a bundle', () => {
    expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(
      /from 'zod'|import \{[^}]*\} from 'zod\/mini'/,
    );
  });

  it('starts with a caption', () => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^\/\/ \S/);
  });
});

it.each(everything)('%s reads the environment only if it is the configuration', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (!READERS.includes(file)) expect(text).not.toMatch(/process\.env/);
});

describe('the domain', () => {
  it.each(sources.filter((file) => floorOf(file) === 0))(
    '%s needs no package, no I/O and no clock',
    (file) => {
      expect(importsOf(file).filter((target) => !target.startsWith('.'))).toEqual([]);
      expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/,
      );
    },
  );
});

describe('the command on somebody’s own machine', () => {
  const isOfPull = (file: string) => file.startsWith('src/pull/');
  const LENT = /^src\/(pull|domain)\/|^src\/usecases\/secret\.ts$/;

  it.each(sources.filter(isOfPull))('%s takes no more than rules and the wrapping of secrets', (file) => {
    expect(localImports(file).filter((target) => !LENT.test(target))).toEqual([]);
  });

  it('is part of no function', () => {
    const others = sources.filter((file) => !isOfPull(file));
    expect(others.filter((file) => localImports(file).some(isOfPull))).toEqual([]);
  });
});

describe('the use cases', () => {
  it.each(sources.filter((file) => floorOf(file) === 1))('%s knows neither AWS nor Slack', (file) => {
    expect(importsOf(file).filter((target) => /^@(aws-sdk|smithy|slack)\//.test(target))).toEqual([]);
  });
});

describe('the graph of imports', () => {
  it('has no cycle, types included', () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) throw new Error(`cycle: ${[...path, file].join(' → ')}`);
      if (done.has(file) || !sources.includes(file)) return;
      for (const target of localImports(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(done.size).toBe(sources.length);
  });
});
