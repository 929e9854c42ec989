// What was asked a moment ago need not be asked again.
import type { Instant } from '../domain/time.ts';

/** A full cache starts anew, so that a long walk does not fill the memory. */
const MOST_REMEMBERED = 5000;

/** Remembers what a look-up answered, for a while. A look-up that failed is asked again. */
export function cached<Answer>(
  lookUp: (key: string) => Promise<Answer>,
  { now, cacheMs }: { now: () => Instant; cacheMs: number },
): (key: string) => Promise<Answer> {
  const known = new Map<string, { answer: Answer; until: Instant }>();
  return async (key) => {
    const entry = known.get(key);
    if (entry && now() < entry.until) return entry.answer;
    const answer = await lookUp(key);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, { answer, until: now() + cacheMs });
    return answer;
  };
}
