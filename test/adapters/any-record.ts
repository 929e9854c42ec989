// Any record of which some fields may be absent.
import fc from 'fast-check';

type Fields<T> = { [K in keyof T]: fc.Arbitrary<T[K]> };

/** Those of `always` are there always, those of `sometimes` are absent now and then. */
export function record<Always, Sometimes>(
  always: Fields<Always>,
  sometimes: Fields<Sometimes>,
): fc.Arbitrary<Always & Partial<Sometimes>> {
  const requiredKeys = Object.keys(always) as never[];
  return fc.record({ ...always, ...sometimes }, { requiredKeys }) as fc.Arbitrary<
    Always & Partial<Sometimes>
  >;
}
