// The sentence in which something is refused.
import { Refused } from '../../src/pull/refused.ts';

export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  return 'not refused';
}
