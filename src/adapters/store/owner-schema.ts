// What a stored owner looks like.
import * as z from 'zod/mini';
import type { Link, Owner } from '../../domain/owner.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';

export const owner = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('person'),
    slackId: z.string(),
    from: z.enum(['link', 'ownerTag', 'mailTag', 'userName']),
    timeZone: z.exactOptional(z.string()),
  }),
  object({ kind: z.literal('channel'), channelId: z.string() }),
  object({
    kind: z.literal('nobody'),
    why: z.enum(['none', 'ambiguous', 'left', 'disowned']),
    named: z.array(z.string()),
  }),
]);

export const link = object({
  to: z.discriminatedUnion('kind', [
    object({ kind: z.literal('person'), slackId: z.string() }),
    object({ kind: z.literal('channel'), channelId: z.string() }),
  ]),
  by: z.string(),
  at: time,
});

true satisfies Same<z.output<typeof owner>, Owner>;
true satisfies Same<z.output<typeof link>, Link>;
