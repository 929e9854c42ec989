// What can be wrong in the account around keyrotate: the same questions for its own check and for the doctor.
import type { Neighbours, Surroundings } from '../ports.ts';
import { standsBackFor } from '../shared/stands-back.ts';
import { type Finding, type Found, orUnknown } from './findings.ts';

export function accountFindings(surroundings: Surroundings): Promise<Finding[]> {
  return Promise.all([
    orUnknown('readers', readers(surroundings)),
    orUnknown('kmsKey', kmsKey(surroundings)),
  ]);
}

/** `names`: the one that it stands back for, or itself before the others. */
export async function deployments(neighbours: Neighbours): Promise<Found> {
  const first = await standsBackFor(neighbours);
  if (first) return { state: 'wrong', names: [first.name] };
  const names = (await neighbours.deployments()).map(({ name }) => name);
  const own = names.filter((name) => name === neighbours.deployment).slice(0, 1);
  return {
    state: 'fine',
    names: [...own, ...names.filter((name) => name !== neighbours.deployment)],
    count: own.length,
  };
}

async function readers({ readers: named, rolesMissing }: Surroundings): Promise<Found> {
  if (named.length === 0) return { state: 'unset' };
  const missing = await rolesMissing(named);
  return { state: missing.length > 0 ? 'wrong' : 'fine', names: missing, count: named.length };
}

async function kmsKey({ kmsKeyId, keyState }: Surroundings): Promise<Found> {
  if (kmsKeyId === undefined) return { state: 'fine' };
  const state = await keyState(kmsKeyId);
  return { state: state === 'Enabled' ? 'fine' : 'wrong', names: [kmsKeyId], code: state };
}

/** `counts`: how many each sweep saw; undefined: none has come, or one of an earlier version. */
export function protectedUsers(counts: readonly (number | undefined)[]): Found {
  if (counts.length === 0 || counts.some((one) => one === undefined)) return { state: 'unknown' };
  const count = counts.reduce<number>((sum, one = 0) => sum + one, 0);
  return { state: count > 0 ? 'fine' : 'unset', count };
}
