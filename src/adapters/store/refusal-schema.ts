// What a stored refusal looks like: a move may fail long after its press, and the person is still to be told why.
import * as z from 'zod/mini';
import type { Refusal } from '../../domain/refusal.ts';
import { MOVE_NAMES, OPEN_STAGES, STAGES } from '../../domain/transitions.ts';
import type { Same } from '../same.ts';
import { object, time } from './fields.ts';
import { owner } from './owner-schema.ts';

const move = z.enum(MOVE_NAMES);
const keyId = z.string();
const plain = <Kind extends string>(kind: Kind) => object({ kind: z.literal(kind) });

export const refusalSchema = z.discriminatedUnion('kind', [
  object({ kind: z.literal('notYours'), owner }),
  object({
    kind: z.literal('personBarred'),
    why: z.enum(['guest', 'stranger', 'bot', 'deactivated', 'foreign', 'unknown']),
  }),
  object({ kind: z.literal('slackRefused'), code: z.string() }),
  plain('adminsOnly'),
  plain('ownerOnly'),
  plain('ownerInDoubt'),
  object({ kind: z.literal('cannotOwn'), who: z.enum(['person', 'channel']) }),
  plain('nothingOpen'),
  object({ kind: z.literal('noSuchUser'), userName: z.string() }),
  object({ kind: z.literal('noKeyOn'), userName: z.string() }),
  object({
    kind: z.literal('noSuchKey'),
    userName: z.string(),
    ending: z.string(),
    keyIds: z.array(keyId),
  }),
  object({ kind: z.literal('keyOff'), keyId }),
  object({ kind: z.literal('keyIsReplacement'), keyId, oldKeyId: keyId, stage: z.enum(OPEN_STAGES) }),
  object({ kind: z.literal('otherKeyFirst'), oldKeyId: keyId, stage: z.enum(OPEN_STAGES) }),
  plain('ownsNothing'),
  plain('channelsUnanswered'),
  object({ kind: z.literal('noNewKey'), userName: z.string() }),
  plain('outdatedCard'),
  plain('outdatedPlan'),
  object({ kind: z.literal('overtaken'), askedAt: time, by: z.enum(['decision', 'anotherUser']) }),
  object({ kind: z.literal('notAtThisStage'), stage: z.enum(STAGES), move }),
  object({ kind: z.literal('previewOnly'), move: z.exactOptional(move) }),
  object({ kind: z.literal('standsBack'), deployment: z.string() }),
  object({ kind: z.literal('settling'), move, until: time }),
  object({ kind: z.literal('dateNotPossible'), after: time, atMost: time }),
  object({ kind: z.literal('inputMissing'), move }),
  plain('notRequested'),
  plain('bothNeededKnown'),
  plain('alreadyDecided'),
  plain('nothingDecided'),
  object({ kind: z.literal('slotTaken'), otherKeyId: keyId }),
  object({ kind: z.literal('graceNotOver'), until: time }),
  plain('oldKeyOn'),
  plain('oldKeyOff'),
  plain('oldKeyMissing'),
  plain('newKeyOff'),
  plain('newKeyMissing'),
  plain('otherKeyMissing'),
  object({ kind: z.literal('otherKeyOn'), keyId }),
  object({ kind: z.literal('otherKeyOff'), keyId }),
  object({ kind: z.literal('otherKeyOlder'), keyId }),
  object({ kind: z.literal('otherKeyNotDue'), keyId }),
  object({ kind: z.literal('otherKeyStranded'), keyId }),
  plain('nothingStranded'),
  object({ kind: z.literal('notMadeHere'), keyId }),
  object({ kind: z.literal('madeHere'), keyId }),
  plain('userRecreated'),
  plain('userGone'),
  object({ kind: z.literal('awsRefused'), code: z.string() }),
  plain('awsBusy'),
  object({ kind: z.literal('lookFailed'), code: z.string() }),
  object({ kind: z.literal('secretNotStored'), code: z.string() }),
  plain('keyNotCreated'),
  object({ kind: z.literal('newKeyStranded'), keyId }),
]);

true satisfies Same<z.output<typeof refusalSchema>, Refusal>;
