// Which seams are cut: all of them with `--every`; else every call of every scene, but not each question in every way.
import { SCENES, type Scene } from './scenes.ts';
import type { Seam } from './seams.ts';

export interface Plan {
  scenes(all: readonly Scene[]): Scene[];
  seams(scene: Scene, all: readonly Seam[]): Seam[];
}

export function planOf(every: boolean): Plan {
  return every
    ? { scenes: (all) => [...all], seams: (_, all) => [...all] }
    : { scenes: (all) => all.filter(({ twin }) => !twin), seams: (scene, all) => inTurn(scene, all) };
}

/**
 * What changes something breaks in every way, and so does what shows whether a key is in use. A question breaks in one way
 * a scene, in another in the next: not knowing is the same in one move as in all others.
 */
function inTurn(scene: Scene, all: readonly Seam[]): Seam[] {
  const calls = [...new Set(all.map(({ call }) => call))];
  return all.filter((seam) => {
    if (isTelling(seam)) return true;
    const ways = all.filter(({ call, fault }) => call === seam.call && fault !== 'old');
    return ways[(SCENES.indexOf(scene) + calls.indexOf(seam.call)) % ways.length] === seam;
  });
}

/** An index that lags shows each scene another past. */
function isTelling({ changes, call, fault }: Seam): boolean {
  return changes || fault === 'old' || call.startsWith('iam:GetAccessKeyLastUsed');
}
