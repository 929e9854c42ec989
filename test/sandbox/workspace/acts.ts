// What the page may ask for. Everything that arrives is checked against this.
import { z } from 'zod';
import { SCENE_NAMES } from './scenes.ts';
import { TROUBLE_NAMES } from './trouble.ts';

const id = z.string().min(1).max(200);

const pressed = { kind: z.literal('press'), person: id, channel: id, ts: id, block: id, action: id };

/** Of what several are chosen of there is a line for each. */
const values = z.record(z.string(), z.string().max(10_000));

export const actSchema = z.discriminatedUnion('kind', [
  z.object({ ...pressed, option: id.optional() }),
  z.object({ kind: z.literal('openHome'), person: id }),
  z.object({
    kind: z.literal('inHome'),
    person: id,
    block: id,
    action: id,
    option: id.optional(),
    given: z.string().max(3000).optional(),
  }),
  z.object({
    kind: z.literal('submit'),
    person: id,
    view: id,
    values,
  }),
  z.object({ kind: z.literal('pressInForm'), person: id, view: id, block: id, action: id, values }),
  z.object({ kind: z.literal('dismiss'), view: id }),
  z.object({
    kind: z.literal('type'),
    person: id,
    channel: id,
    /** As Slack sends it: people and channels as references, the rest escaped. */
    text: z.string().min(1).max(12_000),
    thread: id.optional(),
  }),
  z.object({ kind: z.literal('read'), person: id, channel: id, upTo: id }),
  z.object({
    kind: z.literal('console'),
    what: z.enum(['createKey', 'turnOff', 'turnOn', 'deleteKey', 'deleteUser', 'tag']),
    user: id,
    key: id.optional(),
    tag: id.optional(),
    value: z.string().max(256).optional(),
  }),
  z.object({ kind: z.literal('fetch'), user: id, key: id }),
  z.object({ kind: z.literal('use'), key: id, service: z.enum(['s3', 'ecr', 'sqs']) }),
  z.object({ kind: z.literal('wait'), until: z.enum(['hour', 'morning', 'week']) }),
  z.object({ kind: z.literal('run'), task: z.enum(['sweep', 'summary', 'check']) }),
  z.object({ kind: z.literal('trouble'), name: z.enum(TROUBLE_NAMES), on: z.boolean() }),
  z.object({ kind: z.literal('scene'), name: z.enum(SCENE_NAMES), again: z.boolean() }),
]);

export type Act = z.infer<typeof actSchema>;
