// How large the packages are.
import { constants, deflateRawSync } from 'node:zlib';
import { bundleHandlers, bundlePlainly } from '../../sandbox/deployment/bundle.ts';
import { line, type Measured } from '../figures.ts';

/** What a zip has besides the one file's content: two headers with its name, and the end of the directory. */
const ZIP_HEADERS = 30 + 46 + 22 + 2 * 'src/entry/worker-handler.cjs'.length;
/** What serverless-esbuild zips with. */
const AS_PACKAGED = { level: constants.Z_BEST_SPEED };
const KB = 1000;

export async function bundle(): Promise<Measured<'bundle'>> {
  const { slack, worker } = await bundleHandlers();
  const slackBytes = Buffer.byteLength(slack.code);
  const slackZipBytes = deflateRawSync(slack.code, AS_PACKAGED).length + ZIP_HEADERS;
  const minimal = await bundlePlainly('test/bench/minimal-bolt.ts');
  const workerBytes = Buffer.byteLength(worker.code);
  return {
    figures: { slackBytes, slackZipBytes, workerBytes },
    lines: [
      line('slack', slackBytes / KB, { unit: 'KB', most: 520 }),
      line('slack, zipped', slackZipBytes / KB, { unit: 'KB', most: 157 }),
      line('minimal Bolt with four clients', Buffer.byteLength(minimal) / KB, { unit: 'KB' }),
      line('worker', workerBytes / KB, { unit: 'KB', most: 620 }),
    ],
  };
}
