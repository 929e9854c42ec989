// Which of all that may go wrong is played: everything with `--every`, else each call of each scene once.
import { SCENES, type Scene } from './fault-scenes.ts';
import type { Seam } from './seams.ts';

/** Of a few that are alike all, or one in so many; at the next turn another. */
export type Share = <T>(all: readonly T[], turn: number, of?: number) => T[];

const everything: Share = (all) => [...all];
const inTurn: Share = (all, turn, of = all.length) => all.filter((_, nth) => nth % of === turn % of);

export function shareOf(every: boolean): Share {
  return every ? everything : inTurn;
}

export function turnOf(scene: Scene): number {
  return SCENES.indexOf(scene);
}

/** After these nobody can undo what went wrong: they break in every way, always. */
const CHANGES_KEYS = /^iam:(Create|Update|Delete)AccessKey|:PutSecretValue/;

/** Not knowing is the same in one scene as in all others: a call breaks in one way here, and in another in the next. */
export function cut(share: Share, scene: Scene, all: readonly Seam[]): Seam[] {
  // Which of two calls that are made side by side comes first is chance.
  const calls = [...new Set(all.map(({ call }) => call))].sort();
  return calls.flatMap((call, nth) => {
    const ways = all.filter((seam) => seam.call === call);
    return CHANGES_KEYS.test(call) ? ways : share(ways, turnOf(scene) + nth);
  });
}
