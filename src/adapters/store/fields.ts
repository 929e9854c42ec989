// The kinds of fields that stored items are made of.
import * as z from 'zod/mini';

/** A moment: a number to the rules, ISO 8601 to whoever reads the table. */
export const time = z.codec(z.iso.datetime(), z.int(), {
  decode: (text) => Date.parse(text),
  encode: (ms) => new Date(ms).toISOString(),
});

/** Carries along what it does not know, for a later version to find; the type names only what is known. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known: z.ZodMiniObject<z.core.util.Writeable<Shape>> = z.looseObject(shape);
  return known;
}

/** Where a message is. */
export const card = { channel: z.string(), ts: z.string() };
