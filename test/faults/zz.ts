import { SCENES } from './scenes.ts';
import { play, rehearse } from './seams.ts';
import { takeSnapshot } from './snapshot.ts';
import { endWorld, startWorld } from './world.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const world = await startWorld();
const first = await takeSnapshot(world);
const only = process.argv[2];
let total = 0,
  bad = 0;
for (const scene of SCENES.filter((s) => !only || new RegExp(only).test(s.title))) {
  const t = performance.now();
  try {
    const r = await rehearse(world, scene, first);
    console.log(scene.title, r.seams.length, (performance.now() - t).toFixed(0), r.goal);
    if (process.argv[3]) {
      const u = performance.now();
      const c0 = world.sandbox.aws.wire.calls.length + world.sandbox.slack.wire.calls.length; const per: Record<string, number> = {}; for (const seam of r.seams) { const tt = performance.now();
        if (process.argv[4]) console.log(seam.index, seam.call, seam.fault);
        const w = await Promise.race([
          play(world, r, seam),
          new Promise<string[]>((_, no) =>
            setTimeout(() => no(new Error('HANG ' + seam.call + seam.fault)), 12000),
          ),
        ]);
        total++; per[seam.fault] = (per[seam.fault] ?? 0) + performance.now() - tt;
        if (w.length) {
          bad++;
          console.log('   !!', seam.call, seam.fault, w.slice(0, 3).join(' | ').slice(0, 400));
        }
      }
      console.log(per, (world.sandbox.aws.wire.calls.length + world.sandbox.slack.wire.calls.length - c0) / r.seams.length); console.log('   ', ((performance.now() - u) / r.seams.length).toFixed(0), 'ms each');
    }
  } catch (e) {
    console.log('FAILED', scene.title, (e as Error).stack?.slice(0, 900));
  }
}
console.log(total, bad);
await endWorld(world);
