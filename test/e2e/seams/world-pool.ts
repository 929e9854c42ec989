// A few sandboxes used in turn: starting one takes longer than most stories played in it.
import { endWorld, forgetAll, startWorld, type World } from './world.ts';

export function worldPool(size: number) {
  const all: World[] = [];
  const free: World[] = [];
  const waiting: ((world: World) => void)[] = [];

  function giveBack(world: World): void {
    const next = waiting.shift();
    if (next) next(world);
    else free.push(world);
  }

  return {
    async open(): Promise<void> {
      all.push(...(await Promise.all(Array.from({ length: size }, () => startWorld()))));
      free.push(...all);
    },
    async close(): Promise<void> {
      await Promise.all(all.map(endWorld));
    },
    async borrow<T>(story: (world: World) => Promise<T>): Promise<T> {
      const world = free.pop() ?? (await new Promise<World>((resolve) => waiting.push(resolve)));
      try {
        return await story(world);
      } finally {
        await forgetAll(world);
        giveBack(world);
      }
    },
  };
}
