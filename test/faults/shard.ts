// One process of the fault runner: it takes one piece of work after the other until there is no more.
import { carryOut, closeShard, openShard, worksOf } from './works.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const every = process.argv.includes('--every');

process.on('unhandledRejection', (error) => {
  process.stderr.write(`faults: ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

const works = worksOf();
const shard = await openShard(every);
process.on('message', async (title: string) => {
  const work = works.find((one) => one.title === title);
  if (work) {
    process.send?.(await carryOut(shard, work));
    return;
  }
  await closeShard(shard);
  process.exit(0);
});
process.send?.('ready');
