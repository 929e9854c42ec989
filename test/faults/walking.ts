// npm run walk [-- steps seed path]: random walks in two processes, and the last line that says how they went.
import { fork } from 'node:child_process';
import { type Walked, walkFor } from './walk.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [steps = '10000', seed = String(Date.now() % 2 ** 31), path] = process.argv.slice(2);
for (const given of [steps, seed])
  if (!/^\d+$/.test(given)) {
    console.error(`walk: ${given} is no number. Usage: npm run walk -- [steps [seed [path]]]`);
    process.exit(2);
  }
/** Two cores are what this is measured on. A walk that is taken again by its path is one. */
const PROCESSES = path === undefined ? 2 : 1;

function walker(nth: number): Promise<Walked & { seed: number }> {
  const own = Number(seed) + nth;
  const share = String(Math.ceil(Number(steps) / PROCESSES));
  const child = fork(new URL(import.meta.url).pathname, [share, String(own), ...(path ? [path] : [])], {
    execArgv: [...process.execArgv, '--max-semi-space-size=64'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (walked: Walked) => resolve({ ...walked, seed: own }));
    child.on('exit', (code) => reject(new Error(`a walk ended with ${code} and no report`)));
  });
}

if (process.send) {
  process.send(await walkFor(Number(steps), Number(seed), path));
  process.disconnect();
} else {
  console.log(`walk: ${steps} steps from seed ${seed}`);
  const all = await Promise.all(Array.from({ length: PROCESSES }, (_, nth) => walker(nth)));
  const failed = all.flatMap(({ failure, seed: own }) =>
    failure ? [`seed ${own}, path ${failure.path}\n${failure.story}`] : [],
  );
  for (const story of failed) console.log(`${story}\n`);
  const taken = all.reduce((sum, walked) => sum + walked.steps, 0);
  console.log(`walk: ${taken} steps, seed ${seed}, ${failed.length} violations`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
