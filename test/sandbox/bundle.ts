// Bundles the four handlers exactly as `serverless package` does, but in memory.
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type DeployedFunction, type FunctionName, readServerlessFile } from './serverless-file.ts';

/** A handler's bundle. `file` is its path inside the deployed zip. */
export interface Bundle {
  file: string;
  code: string;
}

let bundles: Promise<Record<FunctionName, Bundle>> | undefined;

/** One build per process: the second call shares the first one's result. */
export function bundleHandlers(): Promise<Record<FunctionName, Bundle>> {
  bundles ??= buildAll();
  return bundles;
}

async function buildAll(): Promise<Record<FunctionName, Bundle>> {
  const { functions, custom } = readServerlessFile();
  const { exclude, outputFileExtension, ...options } = custom.esbuild;
  const { outputFiles } = await build({
    ...(options as BuildOptions),
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: Object.values(functions).map(entryFile),
    external: exclude as string[],
    outdir: '.',
    outbase: '.',
    outExtension: { '.js': outputFileExtension as string },
    write: false,
  });
  const entries = Object.entries(functions).map(([name, deployed]) => {
    const file = `${modulePath(deployed)}${outputFileExtension}`;
    const output = outputFiles.find(({ path }) => basename(path) === basename(file));
    if (output === undefined) throw new Error(`esbuild built no ${file}`);
    return [name, { file, code: output.text }];
  });
  return Object.fromEntries(entries);
}

/** `src/entry/worker-handler` of `src/entry/worker-handler.handler`. */
function modulePath({ handler }: DeployedFunction): string {
  return handler.slice(0, -extname(handler).length);
}

function entryFile(deployed: DeployedFunction): string {
  return `${modulePath(deployed)}.ts`;
}
