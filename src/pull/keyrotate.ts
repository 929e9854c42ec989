// The command `keyrotate`, as it is handed out: one file for whoever owns a key. bin.mjs starts it in a clone.
import { setTimeout as pause } from 'node:timers/promises';
import { readArguments, USAGE } from './arguments.ts';
import { readConfig } from './config.ts';
import { pull, type Surroundings } from './pull.ts';
import { EXIT_CODES, Refused } from './refused.ts';

function surroundings(): Surroundings {
  return {
    ...readConfig(),
    printsToTerminal: process.stdout.isTTY,
    clock: { now: () => performance.now(), pause },
    say: (words) => process.stderr.write(`${words}\n`),
    print: (text) => process.stdout.write(text),
  };
}

async function main(args: readonly string[]): Promise<void> {
  try {
    const asked = readArguments(args);
    if (asked === 'help') process.stdout.write(USAGE);
    else await pull(asked, surroundings());
  } catch (error) {
    const isRefused = error instanceof Refused;
    // An unexpected error's message may hold what it is about.
    process.stderr.write(
      `keyrotate: ${isRefused ? error.message : `This is a fault of keyrotate's (${error instanceof Error ? error.name : typeof error}): tell whoever runs it. Nothing was changed.`}\n`,
    );
    process.exitCode = isRefused ? EXIT_CODES[error.kind] : 1;
  }
}

void main(process.argv.slice(2));
