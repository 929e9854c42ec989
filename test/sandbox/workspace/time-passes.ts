// Time as it passes in production: ticks, a sweep every night, the summary on Mondays.
import { DAY, HOUR } from '../clock.ts';
import { drain, run } from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';

/** In UTC, as serverless.yml has them unless somebody sets them. */
const SWEEP_HOUR = 3;
const SUMMARY_HOUR = 9;
const MONDAY = 1;

/** Plays everything that is due until then. A tick comes every hour, over days every three, instead of every five minutes. */
export async function passUntil(sandbox: Sandbox, until: number): Promise<void> {
  const { clock } = sandbox;
  const step = until - clock.now() > 2 * DAY ? 3 * HOUR : HOUR;
  while (clock.now() < until) {
    const next = Math.min(until, (Math.floor(clock.now() / step) + 1) * step);
    clock.advance(next - clock.now());
    await drain(sandbox);
    if (next % step === 0) await onTheHour(sandbox, new Date(next));
  }
  await run(sandbox, 'tick');
}

async function onTheHour(sandbox: Sandbox, at: Date): Promise<void> {
  const hour = at.getUTCHours();
  if (hour === SWEEP_HOUR) return run(sandbox, 'sweep');
  if (hour === SUMMARY_HOUR && at.getUTCDay() === MONDAY) await run(sandbox, 'summary');
  await run(sandbox, 'tick');
}

/** 09:30 UTC of the next working day, when everybody in Europe is at work. Before six it is that of the same day. */
export function nextMorning(now: number): number {
  const first = Math.floor((now - 6 * HOUR) / DAY + 1) * DAY + 9.5 * HOUR;
  const days = [0, 1, 2].map((day) => first + day * DAY);
  return days.find((at) => ![0, 6].includes(new Date(at).getUTCDay())) ?? first;
}
