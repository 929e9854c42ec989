// Time as it passes in production: ticks, checks, a sweep every night, the summary on Mondays.
import { DAY, HOUR, MINUTE } from '../clock.ts';
import { run } from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Watch } from '../watch.ts';

/** In UTC, as serverless.yml has them unless somebody sets them. */
const SWEEP_HOUR = 3;
const SUMMARY_HOUR = 9;
const MONDAY = 1;
/** As seldom as may be set. */
const TICKS_EVERY = 15 * MINUTE;

/**
 * Plays everything that is due until then. The last hour is lived through minute by minute, so that alarms say what they
 * would in production; before it ticks come every hour, over days every three. `moved` is called whenever it is later.
 */
export async function passUntil(
  sandbox: Sandbox,
  watch: Watch,
  until: number,
  moved: () => void,
): Promise<void> {
  const { clock, queues } = sandbox;
  await skipTo(sandbox, until - HOUR, until - clock.now() > 2 * DAY ? 3 * HOUR : HOUR, moved);
  while (clock.now() < until) {
    const before = clock.now();
    watch.minute();
    await queues.pump();
    if (isAnother(HOUR, before, clock.now())) await onTheHour(sandbox);
    await onTheQuarter(sandbox, before);
    if (isAnother(TICKS_EVERY, before, clock.now())) moved();
  }
  await run(sandbox, 'tick');
}

/** Days as they pass in production while nobody looks, with a tick every three hours. */
export async function passDays(sandbox: Sandbox, days: number): Promise<void> {
  await skipTo(sandbox, sandbox.clock.now() + days * DAY, 3 * HOUR);
  await run(sandbox, 'tick');
}

async function skipTo(sandbox: Sandbox, until: number, step: number, moved = () => {}): Promise<void> {
  const { clock } = sandbox;
  while (clock.now() < until) {
    const next = Math.min(until, (Math.floor(clock.now() / step) + 1) * step);
    await comesBack(sandbox, next);
    if (next % step === 0) await onTheHour(sandbox);
    moved();
  }
}

/** What schedules have set off since then, where a quarter of an hour has begun. */
export async function onTheQuarter(sandbox: Sandbox, since: number): Promise<void> {
  if (!isAnother(TICKS_EVERY, since, sandbox.clock.now())) return;
  await setOff(sandbox, 'tick');
  await setOff(sandbox, 'check');
}

function isAnother(period: number, before: number, now: number): boolean {
  return Math.floor(before / period) !== Math.floor(now / period);
}

/** Delivers each job when its time comes. */
async function comesBack({ clock, queues }: Sandbox, until: number): Promise<void> {
  for (;;) {
    await queues.pump();
    const next = Math.min(queues.nextVisibleAt() ?? until, until);
    clock.advance(next - clock.now());
    if (next === until) return;
  }
}

/** Whatever it queues and fails comes back in its time. */
async function setOff(
  { functions, queues }: Sandbox,
  task: 'tick' | 'check' | 'sweep' | 'summary',
): Promise<void> {
  await functions.scheduler.invoke({ task });
  await queues.pump();
}

async function onTheHour(sandbox: Sandbox): Promise<void> {
  const at = new Date(sandbox.clock.now());
  const hour = at.getUTCHours();
  if (hour === SWEEP_HOUR) await setOff(sandbox, 'sweep');
  if (hour === SUMMARY_HOUR && at.getUTCDay() === MONDAY) await setOff(sandbox, 'summary');
  await setOff(sandbox, 'tick');
}

/** 09:30 UTC of the next working day, when everybody in Europe is at work. Before six it is that of the same day. */
export function nextMorning(now: number): number {
  const first = Math.floor((now - 6 * HOUR) / DAY + 1) * DAY + 9.5 * HOUR;
  const days = [0, 1, 2].map((day) => first + day * DAY);
  return days.find((at) => ![0, 6].includes(new Date(at).getUTCDay())) ?? first;
}
