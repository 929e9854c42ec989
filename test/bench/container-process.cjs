// A container of Lambda's in a process of its own: loads a bundle, and hands it one event after the other.
const http = require('node:http');
const https = require('node:https');

const RealDate = Date;
let ahead = 0;

/** The sandbox's time, where it is not that of the machine: `ahead` comes with each event. */
function standIn() {
  const now = () => RealDate.now() + ahead;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
}
if (process.env.BENCH_CLOCK === 'sandbox') standIn();

/** Milliseconds in which this process waited for the answers to its calls; those of calls that overlap count twice. */
let waited = 0;
for (const from of [http, https]) {
  const { request } = from;
  from.request = (...given) => {
    const asking = request(...given);
    const { end } = asking;
    asking.end = (...rest) => {
      const ended = end.apply(asking, rest);
      const since = performance.now();
      // Before whoever waits for it.
      asking.prependOnceListener('response', () => {
        waited += performance.now() - since;
      });
      return ended;
    };
    return asking;
  };
}

const { handler } = require(process.argv[2]);
const loadedMs = performance.now();

function tell(message) {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  const cpuMs = (user + system) / 1000;
  process.send({
    ...message,
    loadedMs,
    atMs: performance.now(),
    cpuMs,
    rssBytes: process.memoryUsage().rss,
    peakBytes: maxRSS * 1024,
  });
}

process.on('message', async ({ event, timeoutMs, aheadMs }) => {
  ahead = aheadMs;
  const from = performance.now();
  const before = waited;
  const context = {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, timeoutMs - (performance.now() - from)),
  };
  try {
    const result = await handler(event, context);
    tell({ result: result ?? null, ms: performance.now() - from, waitedMs: waited - before });
  } catch (error) {
    tell({ error: String(error?.stack ?? error) });
  }
});

tell({});
