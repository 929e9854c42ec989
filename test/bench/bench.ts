// npm run bench: what the packaged functions take, on the local AWS and Slack. The last line is JSON, for programs.
import { cpus } from 'node:os';
import { type Part, readArguments, type Sizes } from './arguments.ts';
import { asJson, type Measured, table, unmeasured } from './figures.ts';
import { ack } from './parts/acknowledged.ts';
import { cold } from './parts/cold.ts';
import { list, rotate } from './parts/commands.ts';
import { cost } from './parts/cost.ts';
import { bundle } from './parts/package-size.ts';
import { reminders } from './parts/reminders.ts';
import { resweep } from './parts/resweep.ts';
import { summary } from './parts/summary.ts';
import { sweep } from './parts/sweep.ts';
import { progress } from './progress.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const MEASURES: { [P in Part]: (sizes: Sizes) => Promise<Measured> } = {
  ...{ sweep, resweep, rotate, list, reminders, ack, cold, bundle, summary, cost },
  accounts: async () =>
    unmeasured('accounts', 'not measured: no organisation of 200 accounts is simulated yet'),
};

async function bench({ parts, sizes }: ReturnType<typeof readArguments>): Promise<void> {
  const measured: Partial<Record<Part, Measured>> = {};
  for (const part of parts) {
    const from = performance.now();
    measured[part] = await MEASURES[part](sizes);
    progress(`${part}: measured in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
  console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
  console.log(`${table(measured)}\n`);
  console.log(asJson(measured));
}

function asked(): ReturnType<typeof readArguments> {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`);
    process.exit(2);
  }
}

await bench(asked());
