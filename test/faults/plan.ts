// Which seams are cut: all of them with `--every`; else every call of every scene, but not each of them in every way.
import { SCENES, type Scene } from './fault-scenes.ts';
import type { Seam } from './seams.ts';

export type Plan = (scene: Scene, all: readonly Seam[]) => Seam[];

export function planOf(every: boolean): Plan {
  return every ? (_, all) => [...all] : inTurn;
}

/**
 * What changes something breaks in every way, and so does what shows whether a key is in use. A question breaks in one way
 * a scene, in another in the next: not knowing is the same in one move as in all others. So does every call of a scene
 * that makes the same calls as another.
 */
function inTurn(scene: Scene, all: readonly Seam[]): Seam[] {
  const calls = [...new Set(all.map(({ call }) => call))];
  return all.filter((seam) => {
    if (isTelling(seam, scene)) return true;
    const ways = all.filter(({ call, fault }) => call === seam.call && fault !== 'old');
    return ways[(SCENES.indexOf(scene) + calls.indexOf(seam.call)) % ways.length] === seam;
  });
}

/** An index that lags shows each scene another past. Only IAM may not be asked twice for the same. */
function isTelling({ changes, call, fault }: Seam, { twin }: Scene): boolean {
  if (fault === 'old') return true;
  if (twin || (fault === 'lostOnce' && !call.startsWith('iam:'))) return false;
  return changes || call.startsWith('iam:GetAccessKeyLastUsed');
}
