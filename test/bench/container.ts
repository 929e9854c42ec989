// Containers as processes: what starts cold, takes memory and processor time, and is timed, shares none of it with the servers.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../sandbox/clock.ts';

/** What a container tells when it has loaded its bundle, and again when it has done something. */
export interface Told {
  /** From the start of the process until the bundle was loaded, and until now. */
  loadedMs: number;
  atMs: number;
  /** Processor time and memory since the process started. */
  cpuMs: number;
  rssBytes: number;
  peakBytes: number;
}

export interface Done extends Told {
  result: unknown;
  /** Of this invocation alone: all of it, and what of it was waiting for answers. */
  ms: number;
  waitedMs: number;
}

export interface Container {
  /** Loaded. Rejects when the bundle cannot be. */
  ready: Promise<Told>;
  /** Throws what the handler throws. May be asked before it is loaded. */
  invoke(event: unknown): Promise<Done>;
  stop(): void;
}

export interface ContainerSettings {
  /** Where the bundle is. */
  file: string;
  env: Record<string, string>;
  /** The sandbox's; without it, the machine's time is the container's. */
  clock?: Clock;
  timeoutSeconds?: number;
}

const PROCESS = new URL('./container-process.cjs', import.meta.url).pathname;

export function startContainer({ file, env, clock, timeoutSeconds = 60 }: ContainerSettings): Container {
  const child = fork(PROCESS, [file], {
    env: { ...env, ...(clock && { BENCH_CLOCK: 'sandbox' }) },
    // Nothing of whoever runs this: a loader of theirs would load here, too.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting: { resolve(message: unknown): void; reject(error: Error): void }[] = [];
  child.on('message', (message) => waiting.shift()?.resolve(message));
  child.on('exit', (code) => {
    for (const one of waiting.splice(0)) one.reject(new Error(`a container ended with ${code}`));
  });
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ resolve: (message) => resolve(message as T), reject });
    });
  const ready = next<Told>();
  return {
    ready,
    async invoke(event) {
      // What is sent before it listens waits for it.
      child.send({
        event,
        aheadMs: clock ? clock.now() - Date.now() : 0,
        timeoutMs: timeoutSeconds * 1000,
      });
      const done = await next<Done & { error?: string }>();
      if (done.error !== undefined) throw new Error(done.error);
      return done;
    },
    stop: () => void child.kill(),
  };
}

/** A folder for bundles, gone when the process is. */
export function bundleFolder(): (name: string, code: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'keyrotate-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return (name, code) => {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, code);
    return file;
  };
}
