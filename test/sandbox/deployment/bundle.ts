// Bundles the four handlers exactly as `serverless package` does, but in memory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type OutputFile, type Plugin } from 'esbuild';
import { type DeployedFunction, type FunctionName, readServerlessFile } from './serverless-file.ts';

/** A handler's bundle. `file` is its path inside the deployed zip. */
export interface Bundle {
  file: string;
  code: string;
}

/** By the file's path from the root: a text that stands in it, and what stands in its place in another version. */
export type Edits = Record<string, [from: string, to: string]>;

let bundles: Promise<Record<FunctionName, Bundle>> | undefined;

/** One build per process: the second call shares the first one's result. */
export function bundleHandlers(): Promise<Record<FunctionName, Bundle>> {
  bundles ??= buildAll([]);
  return bundles;
}

/** The handlers of another version of keyrotate. Throws when an edit finds nothing to change. */
export function bundleVersion(edits: Edits): Promise<Record<FunctionName, Bundle>> {
  return buildAll([edited(edits)]);
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

function edited(edits: Edits): Plugin {
  const all = new Map(Object.entries(edits).map(([file, edit]) => [resolve(ROOT, file), edit]));
  return {
    name: 'edited',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const [from, to] = all.get(path) ?? [];
        if (from === undefined || to === undefined) return undefined;
        const source = readFileSync(path, 'utf8');
        if (!source.includes(from)) throw new Error(`${path} does not contain ${from}`);
        return { contents: source.replace(from, to), loader: 'ts' };
      });
    },
  };
}

/** What Bolt itself asks for and no Lambda function needs; what else is left out of the handlers is this project's own doing. */
const FOR_SERVERS = ['@slack/oauth', '@slack/socket-mode', 'express', 'raw-body'];

/** Any file, bundled as the handlers are but for what only they leave out. `root`: where another version of the project is. */
export async function bundlePlainly(entryPoint: string, root = ROOT): Promise<string> {
  const { alias } = readServerlessFile().custom.esbuild as { alias: Record<string, string> };
  const plain = Object.fromEntries(Object.entries(alias).filter(([name]) => FOR_SERVERS.includes(name)));
  const [output] = await buildEach([entryPoint], { absWorkingDir: root, alias: plain });
  return output?.text ?? '';
}

async function buildAll(plugins: Plugin[]): Promise<Record<FunctionName, Bundle>> {
  const { functions, custom } = readServerlessFile();
  const { outputFileExtension } = custom.esbuild;
  const leavingOut = createRequire(import.meta.url)(resolve(ROOT, custom.esbuild.plugins as string));
  const entryPoints = Object.values(functions).map(entryFile);
  const outputFiles = await buildEach(entryPoints, { plugins: [...plugins, ...leavingOut] });
  const entries = Object.entries(functions).map(([name, deployed]) => {
    const file = `${modulePath(deployed)}${outputFileExtension}`;
    const output = outputFiles.find(({ path }) => basename(path) === basename(file));
    if (output === undefined) throw new Error(`esbuild built no ${file}`);
    return [name, { file, code: output.text }];
  });
  return Object.fromEntries(entries);
}

async function buildEach(entryPoints: string[], more: BuildOptions): Promise<OutputFile[]> {
  const { exclude, outputFileExtension, plugins: _, ...options } = readServerlessFile().custom.esbuild;
  const { outputFiles } = await build({
    ...(options as BuildOptions),
    ...{ absWorkingDir: ROOT, entryPoints, ...more },
    external: exclude as string[],
    outdir: '.',
    outbase: '.',
    outExtension: { '.js': outputFileExtension as string },
    write: false,
  });
  return outputFiles;
}

/** `src/entry/worker-handler` of `src/entry/worker-handler.handler`. */
function modulePath({ handler }: DeployedFunction): string {
  return handler.slice(0, -extname(handler).length);
}

function entryFile(deployed: DeployedFunction): string {
  return `${modulePath(deployed)}.ts`;
}
