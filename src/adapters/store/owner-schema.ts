// What a stored owner looks like.
import * as z from 'zod';
import { object } from './fields.ts';

export const owner = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('person'),
    slackId: z.string(),
    from: z.enum(['ownerTag', 'mailTag', 'userName']),
  }),
  object({
    kind: z.literal('nobody'),
    why: z.enum(['none', 'ambiguous']),
    named: z.array(z.string()),
  }),
]);
