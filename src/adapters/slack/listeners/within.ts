// Gives up on work that takes too long for somebody who waits. The work itself goes on, unheard.
import { OutsideError } from '../../../usecases/errors.ts';

export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutsideError('unknown', 'look-up', 'too_slow')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
