import { afterAll, beforeAll, expect } from 'vitest';
import { appendFileSync } from 'node:fs';
const g = globalThis as any;
g.__n ??= {};
let before: any, cpu: any, t: number;
beforeAll(() => { before = { ...g.__n }; cpu = process.cpuUsage(); t = performance.now(); });
afterAll(() => {
  const d: any = {};
  for (const k of Object.keys(g.__n)) if (g.__n[k] !== (before[k] ?? 0)) d[k] = g.__n[k] - (before[k] ?? 0);
  const c = process.cpuUsage(cpu);
  appendFileSync('/tmp/speed/counts.jsonl', JSON.stringify({ f: expect.getState().testPath, cpu: (c.user + c.system) / 1e6, wall: (performance.now() - t) / 1e3, d }) + '\n');
});
