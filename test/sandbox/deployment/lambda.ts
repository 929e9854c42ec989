// Runs a bundled handler the way Lambda does: its own environment, clock and log, containers warm between invocations.
import { Console } from 'node:console';
import { createRequire, isBuiltin } from 'node:module';
import { Writable } from 'node:stream';
import { Script } from 'node:vm';
import type { Clock } from '../clock.ts';

export interface LambdaSettings {
  name: string;
  /** A CommonJS bundle that exports `handler` and requires nothing but Node's own modules. */
  code: string;
  /** The whole of process.env. */
  env: Record<string, string>;
  clock: Clock;
  timeoutSeconds?: number;
  /**
   * Whether a timer of so many milliseconds is a pause that nobody wants to sit through. Any other then ends by `giveUp`,
   * and by the clock only where a busy machine, too, would long have come to it. Without it each timer takes its time.
   */
  isPause?: (ms: number) => boolean;
  /** Gets each log entry as it is written. */
  stdout?: (entry: string) => void;
}

export interface LambdaFunction {
  /** Rejects with a FunctionError when the handler throws, with ContainerDied when `signal` aborts first. */
  invoke(event: unknown, options?: { signal?: AbortSignal }): Promise<unknown>;
  /** Forgets the warm containers: the next invocation is a cold start. */
  restart(): void;
  /** Whoever waits has waited long enough: their timers end. */
  giveUp(): void;
  /** Other code from the next invocation on. */
  update(code: string): void;
  /** What was logged so far, oldest first. */
  readonly logs: readonly string[];
  /** Forgets what was logged. */
  forgetLogs(): void;
}

/** A handler that threw, or a bundle that could not be loaded, as the caller of Lambda sees it. */
export class FunctionError extends Error {
  readonly errorType: string;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.errorType = cause instanceof Error ? cause.name : typeof cause;
  }
}

/**
 * The container was taken away in the middle. Its timers are dead with it; code that waits for an answer would go on, so
 * hold its next call back (`hang`) first.
 */
export class ContainerDied extends Error {}

type Handler = (event: unknown, context: object) => unknown;

interface Container {
  handler: Handler;
  die(): void;
}

export function lambdaFunction(settings: LambdaSettings): LambdaFunction {
  const { name, clock, timeoutSeconds = 60 } = settings;
  let { code } = settings;
  const logs: string[] = [];
  const waiting: Waiting = new Map();
  let idle: Container[] = [];
  let generation = 0;
  let requests = 0;

  function log(entry: string): void {
    logs.push(entry);
    settings.stdout?.(entry);
  }

  function context(): object {
    const deadline = clock.now() + timeoutSeconds * 1000;
    requests += 1;
    return {
      awsRequestId: `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`,
      functionName: name,
      getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
    };
  }

  /** A container runs one invocation at a time; while it is busy, the next invocation starts another. */
  async function run(event: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const born = generation;
    const container = idle.pop() ?? start({ ...settings, code }, log, waiting);
    signal?.addEventListener('abort', container.die, { once: true });
    try {
      return throughJson(await container.handler(throughJson(event), context()));
    } finally {
      signal?.removeEventListener('abort', container.die);
      if (born === generation && !signal?.aborted) idle.push(container);
    }
  }

  async function reportingErrors(event: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await run(event, signal);
    } catch (error) {
      // It may be of another realm.
      const { name: errorType, message: errorMessage, stack = '' } = Object(error);
      const message = { errorType, errorMessage, stackTrace: String(stack).split('\n') };
      log(JSON.stringify({ level: 'ERROR', message }));
      throw new FunctionError(error);
    }
  }

  function restart(): void {
    idle = [];
    generation += 1;
  }

  return {
    invoke: (event, { signal } = {}) => untilDeath(reportingErrors(event, signal), signal),
    restart,
    giveUp() {
      for (const [timer, over] of waiting) {
        clearTimeout(timer);
        over();
      }
    },
    update(newer) {
      code = newer;
      restart();
    },
    logs,
    forgetLogs() {
      logs.length = 0;
    },
  };
}

/** Timers that have not ended, each with what then happens. */
type Waiting = Map<NodeJS.Timeout, () => void>;

/** Whoever waits no longer than this waits for no answer. */
const AT_ONCE_MS = 10;

/** How much slower than Lambda a busy machine may be before a limit on waiting counts by the real clock. */
const BUSY = 20;

/** A cold start: the bundle is evaluated anew, with stand-ins for what it would otherwise share with the sandbox. */
function start(
  { name, code, env, clock, isPause }: LambdaSettings,
  log: (entry: string) => void,
  waiting: Waiting,
): Container {
  let lives = true;
  const sink = sinkTo(log);
  const standIns: Record<string, unknown> = {
    process: Object.create(process, {
      env: { value: { ...env }, writable: true },
      stdout: { value: sink },
      stderr: { value: sink },
    }),
    console: new Console(sinkTo((entry) => log(`${new Date(clock.now()).toISOString()}\tINFO\t${entry}`))),
  };
  const nodeRequire = createRequire(import.meta.url);
  function requireBuiltin(id: string): unknown {
    if (isBuiltin(id)) return standIns[id.replace('node:', '')] ?? nodeRequire(id);
    throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
  }

  const wait = (then: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    const over = () => {
      waiting.delete(timer);
      if (lives) then(...given);
    };
    const isWaiting = isPause && ms > AT_ONCE_MS;
    const timer = setTimeout(over, isWaiting ? (isPause(ms) ? 0 : BUSY * ms) : ms);
    if (isWaiting) waiting.set(timer, over);
    return timer;
  };

  const scope = {
    exports: {},
    module: { exports: {} as { handler?: unknown } },
    require: requireBuiltin,
    __filename: `/var/task/${name}.cjs`,
    __dirname: '/var/task',
    Date: dateOf(clock),
    setTimeout: wait,
    clearTimeout(timer: NodeJS.Timeout) {
      waiting.delete(timer);
      clearTimeout(timer);
    },
    AbortSignal: withOwn(AbortSignal, {
      timeout(ms: number) {
        const controller = new AbortController();
        wait(() => controller.abort(new DOMException('It took too long.', 'TimeoutError')), ms).unref();
        return controller.signal;
      },
    }),
    ...standIns,
  };
  scope.exports = scope.module.exports;
  compiled(code, Object.keys(scope), scope.__filename)(...Object.values(scope));
  return {
    handler: usableHandler(scope.module.exports.handler),
    die() {
      lives = false;
    },
  };
}

/** Each write is an entry. What is written to standard output stays as it is; Lambda's console puts words before it. */
function sinkTo(log: (entry: string) => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      log(String(chunk).replace(/\n$/, ''));
      done();
    },
  });
}

type Bundled = (...given: unknown[]) => void;

/** One function for each bundle, however many containers evaluate it: they share what the engine learns of it. */
const bundled = new Map<string, Bundled>();

function compiled(code: string, parameters: string[], filename: string): Bundled {
  const known = bundled.get(code);
  if (known) return known;
  const made: Bundled = new Script(`(function (${parameters}) {${code}\n})`, { filename }).runInThisContext();
  bundled.set(code, made);
  return made;
}

function usableHandler(handler: unknown): Handler {
  if (typeof handler !== 'function') throw new TypeError('handler is undefined or not exported');
  if (handler.length > 2) throw new TypeError('this runtime no longer knows handlers with a callback');
  return handler as Handler;
}

/** Date, except that "now" is the sandbox's. A proxy, so that `instanceof Date` holds for every date. */
function dateOf(clock: Clock): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [clock.now()] : args, newTarget),
    apply: () => new Date(clock.now()).toString(),
    get: (target, key) => (key === 'now' ? clock.now : Reflect.get(target, key)),
  });
}

/** The original, except for what is given. */
function withOwn<T extends object>(original: T, own: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(original, {
    get: (target, key) => (key in own ? own[key as keyof T] : Reflect.get(target, key)),
  });
}

/** Events and results travel as JSON. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function untilDeath<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const die = () => reject(new ContainerDied('the container was taken away'));
    if (signal.aborted) die();
    signal.addEventListener('abort', die, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', die));
  });
}
