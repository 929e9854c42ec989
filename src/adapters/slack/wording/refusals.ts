// Every "no" in one or two exact sentences: what the matter is, and what to do next.
import type { Owner } from '../../../domain/owner.ts';
import type { Refusal, RefusalKind } from '../../../domain/refusal.ts';
import { channelLink, code, mention } from '../escape.ts';
import { moment } from './dates.ts';
import { MOVE_WORDS } from './moves.ts';
import { keyName } from './names.ts';
import { stageWords } from './steps.ts';

export interface RefusalFacts {
  /** Where people can ask, if there is such a channel. */
  helpChannel: string | undefined;
}

type RefusalWords = {
  [K in RefusalKind]: (refusal: Extract<Refusal, { kind: K }>, facts: RefusalFacts) => string;
};

const BARRED: Record<Extract<Refusal, { kind: 'personBarred' }>['why'], string> = {
  guest: 'guests of this workspace',
  stranger: 'people from another organisation',
  bot: 'bots',
  deactivated: 'deactivated Slack accounts',
  foreign: 'members of another workspace',
  unknown: 'people whom Slack does not know',
};

const REFUSAL_WORDS: RefusalWords = {
  notYours: ({ owner }, facts) => `${notYours(owner)} If that is wrong, ${askAdmin(facts)}.`,
  personBarred: ({ why }, facts) =>
    `Access keys are not changed for ${BARRED[why]}. If that is wrong, ${askAdmin(facts)}.`,
  adminsOnly: (_, facts) => `Only admins of keyrotate can do that. If you need it done, ${askAdmin(facts)}.`,

  nothingOpen: () =>
    'There is nothing to do for this key any more. `/keyrotate status` shows which keys need you.',
  outdatedCard: () =>
    'This message is out of date, so nothing was changed. Please use the newest one about this IAM user.',
  notAtThisStage: ({ stage, move }) =>
    `“${MOVE_WORDS[move].label}” does not fit any more: ${stageWords(stage)}. The buttons shown now are the ones that work.`,
  previewOnly: (_, facts) =>
    `keyrotate only watches this account so far, so nothing was changed. To have it act there, ${askAdmin(facts)}.`,
  settling: ({ move, until }) =>
    `“${MOVE_WORDS[move].label}” is still under way: AWS has not shown yet how it ended. I look again at ${moment(until)} and update the message; no need to press again.`,

  slotTaken: ({ otherKeyId }) =>
    `This IAM user has two keys already${otherKeyId ? `, the other one being ${keyName(otherKeyId)}` : ''}, and AWS allows no third. Have one that nobody uses deleted in AWS, then press “${MOVE_WORDS.createKey.label}” again.`,
  graceNotOver: ({ until }) =>
    `The key can be deleted from ${moment(until)} on. Until then it stays off, and you can turn it back on.`,
  oldKeyOn: () =>
    `Somebody turned this key on again in AWS, so it was not deleted. Press “${MOVE_WORDS.reactivate.label}” if that is meant to last, or turn it off in AWS and try again.`,
  oldKeyOff: () =>
    'The old key is off in AWS, so the new one is the only key that works: it was not discarded. Turn the old key on in AWS first.',
  oldKeyMissing: () =>
    'AWS does not show this key at the moment, so nothing was changed. If somebody deleted it, I notice within a day and close this.',
  newKeyOff: () =>
    'The new key is off in AWS, so nothing was changed. Turn it on there first, or go back and discard it.',
  newKeyMissing: () =>
    'AWS does not show the new key at the moment, so nothing was changed. Try again in 15 minutes; if it is really gone, go back and discard it.',
  userRecreated: (_, facts) =>
    `This IAM user was deleted and made anew under the same name, so nothing was changed: its keys are other keys now. Please ${askAdmin(facts)}.`,
  userGone: () => 'This IAM user is no longer in AWS, and neither are its keys. There is nothing left to do.',

  awsRefused: ({ code: why }, facts) =>
    `AWS said no (${code(why)}), so this was not done. Please ${askAdmin(facts)}: keyrotate may lack a permission there.`,
  lookFailed: ({ code: why }, facts) =>
    `AWS would not show me this key (${code(why)}), so nothing was changed. Try again in some minutes; if it stays so, ${askAdmin(facts)}.`,
  secretNotStored: ({ code: why }, facts) =>
    `The new key could not be put into Secrets Manager (${code(why)}), so it was deleted again. The old key still works. Try again; if it stays so, ${askAdmin(facts)}.`,
  keyNotCreated: () =>
    `No new key was created: the attempt broke off too early. Nothing was changed; press “${MOVE_WORDS.createKey.label}” again.`,
  newKeyStranded: ({ keyId }, facts) =>
    `Key ${keyName(keyId)} came into being while I was creating one, and I did not store its secret. If nobody you know made it, ${askAdmin(facts)} to delete it in AWS, then press “${MOVE_WORDS.createKey.label}” again.`,
};

export function refusalWords(refusal: Refusal, facts: RefusalFacts): string {
  const words = REFUSAL_WORDS[refusal.kind] as (refusal: Refusal, facts: RefusalFacts) => string;
  return words(refusal, facts);
}

function notYours(owner: Owner): string {
  if (owner.kind === 'person')
    return `Only ${mention(owner.slackId)}, who owns this key, or an admin can do that.`;
  return owner.why === 'ambiguous'
    ? 'More than one person is named as the owner of this key, so only an admin can do that.'
    : 'Nobody in Slack is known to own this key, so only an admin can do that.';
}

function askAdmin({ helpChannel }: RefusalFacts): string {
  return helpChannel === undefined ? 'ask an admin' : `ask an admin in ${channelLink(helpChannel)}`;
}
