// Which seams are cut. All of them with `--every`; else a question that was cut a few times in other scenes is left out.
import type { Scene } from './scenes.ts';
import type { Seam } from './seams.ts';

/** Decides what is asked, and whether a key counts as unused: cut wherever it is read. */
const EVIDENCE = 'iam:GetAccessKeyLastUsed';
const TIMES = 1;

export interface Plan {
  scenes(all: readonly Scene[]): Scene[];
  seams(all: readonly Seam[]): Seam[];
}

export function planOf(every: boolean): Plan {
  const cut = new Map<string, number>();
  return {
    scenes: (all) => all.filter(({ twin }) => every || !twin),
    seams: (all) =>
      all.filter(({ call, fault, changes }) => {
        const what = `${call.split(' ')[0]} ${fault}`;
        const times = cut.get(what) ?? 0;
        cut.set(what, times + 1);
        return every || changes || times < TIMES || call.startsWith(EVIDENCE);
      }),
  };
}
