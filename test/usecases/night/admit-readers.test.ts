// The nightly look at whom each stored secret is read by: in which order, how far, and what stops it.
import { beforeEach, describe, expect, it } from 'vitest';
import { OutsideError, TryLater } from '../../../src/usecases/errors.ts';
import { admitReaders } from '../../../src/usecases/night/admit-readers.ts';
import type { KeySecret, Vault } from '../../../src/usecases/ports.ts';
import { NOW, POLICY } from '../../domain/given.ts';
import { only } from '../../only.ts';
import { ACCOUNT, worldForEach } from '../usecase-world.ts';

const world = worldForEach();

let secrets: KeySecret[];
let admitted: string[];
let refuses: (userName: string) => OutsideError | undefined;

beforeEach(() => {
  [secrets, admitted, refuses] = [[], [], () => undefined];
  world.ports.vault = () =>
    only<Vault>({
      async *secrets() {
        yield* secrets;
      },
      async admit({ userName }, arn) {
        const error = refuses(userName);
        if (error) throw error;
        admitted.push(`${userName} as ${arn.split('/').at(-1)}`);
      },
    });
});

/** `known`: what its user is called now; undefined where it is gone. */
function secretOf(
  userName: string,
  readers: KeySecret['readers'],
  known: string | undefined = userName,
): void {
  const userId = `AIDA${secrets.length}`;
  secrets.push({ account: ACCOUNT, userName, userId, createdAt: NOW, readers, isOurs: true });
  if (known) world.addIamUser(known, { userId, keys: [] });
}

const admit = () =>
  admitReaders({ kind: 'admitReaders', id: 'sweep-1/readers', account: ACCOUNT }, world.ports);
const fails = (outcome: 'refused' | 'busy') => new OutsideError(outcome, 'PutResourcePolicy', 'Throttling');

describe('secrets that are read by others than the setting names', () => {
  it('come before those that left somebody out; what is in line is left, and so is whoever is gone', async () => {
    secretOf('in-part', 'todaysInPart');
    secretOf('in-line', 'todays');
    secretOf('changed', 'others');
    secretOf('gone', 'others', '');
    secretOf('old-name', 'others', 'new-name');
    await admit();
    expect(admitted).toEqual(['changed as changed', 'old-name as new-name', 'in-part as in-part']);
  });

  it('wait for the next delivery when time runs out, and those that left somebody out for the next night', async () => {
    world.ports.timeLeft = () => 60_000 - 30_000 * admitted.length;
    for (const nth of [1, 2, 3]) secretOf(`changed-${nth}`, 'others');
    await expect(admit()).rejects.toThrow(TryLater);
    expect(admitted).toHaveLength(2);
    for (const secret of secrets) secret.readers = 'todaysInPart';
    admitted = [];
    await admit();
    expect(admitted).toHaveLength(2);
  });

  it('go on behind one that AWS refuses to change, and stop where AWS wants to be asked later', async () => {
    for (const nth of [1, 2]) secretOf(`changed-${nth}`, 'others');
    refuses = (userName) => (userName === 'changed-1' ? fails('refused') : undefined);
    await admit();
    expect(admitted).toEqual(['changed-2 as changed-2']);
    refuses = () => fails('busy');
    await expect(admit()).rejects.toMatchObject({ outcome: 'busy' });
  });

  it('stay as they are in preview', async () => {
    secretOf('changed', 'others');
    world.ports.policy = () => ({ ...POLICY, mode: 'preview' });
    await admit();
    expect(admitted).toEqual([]);
  });
});
