// Remembers what a look-up answered, for a while. A look-up that failed is asked again.
import type { Instant } from '../../domain/time.ts';

/** A full cache starts anew, so that a long walk does not fill the memory. */
const MOST_ENTRIES = 5000;

export function cached<Answer>(
  lookUp: (key: string) => Promise<Answer>,
  { now, cacheMs }: { now: () => Instant; cacheMs: number },
): (key: string) => Promise<Answer> {
  const known = new Map<string, { answer: Answer; until: Instant }>();
  return async (key) => {
    const entry = known.get(key);
    if (entry && now() < entry.until) return entry.answer;
    const answer = await lookUp(key);
    if (known.size >= MOST_ENTRIES) known.clear();
    known.set(key, { answer, until: now() + cacheMs });
    return answer;
  };
}
