// Every "no" in one or two exact sentences: what the matter is, and what to do next.
import type { Owner } from '../../../../domain/owner.ts';
import type { Refusal, RefusalKind } from '../../../../domain/refusal.ts';
import { channelLink, code, mention } from '../../escape.ts';
import { STAGE_WORDS } from '../card/steps.ts';
import { moment, weekday } from '../shared/dates.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { keyName } from '../shared/names.ts';
import { type AskFacts, ask } from '../shared/whom-to-ask.ts';

type RefusalWords = {
  [K in RefusalKind]: (refusal: Extract<Refusal, { kind: K }>, facts: AskFacts) => string;
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
  // who asks
  notYours: ({ owner }, facts) => `${notYours(owner)} If that is wrong, ${ask(facts)}.`,
  personBarred: ({ why }, facts) =>
    `Access keys are not changed for ${BARRED[why]}. If that is wrong, ${ask(facts)}.`,
  slackRefused: ({ code: why }, facts) =>
    `Slack would not tell me about the people that this is about (${code(why)}), so nothing was changed. Please ${ask(facts)}: keyrotate may lack a scope in Slack, or \`ADMIN_GROUP\` may name a group that is gone.`,
  adminsOnly: (_, facts) => `Only admins of keyrotate can do that. If you need it done, ${ask(facts)}.`,
  ownerOnly: () =>
    'Only the owner of this key can say that. As an admin, name another owner with `/keyrotate assign`.',
  ownerInDoubt: (_, facts) =>
    `The tags of this IAM user name another owner than before, so nothing was changed: an admin decides who owns it. If it is urgent, ${ask(facts)}.`,
  cannotOwn: ({ who }) =>
    who === 'person'
      ? 'Only full members of this workspace can own keys, so nothing was changed. Name somebody else, or a private channel.'
      : 'A channel can own keys only if it is private, not shared, and keyrotate is in it, so nothing was changed. Invite keyrotate there, then assign it again.',

  // what is asked
  nothingOpen: () =>
    'There is nothing to do for this key any more. `/keyrotate status` shows which keys need you.',
  noSuchUser: ({ userName }) =>
    `There is no IAM user ${code(userName)} in the accounts that I watch. Check the spelling, and the account before the slash.`,
  noKeyOn: ({ userName }) =>
    `${code(userName)} has no access key that is on, so there is none to replace. \`/keyrotate list\` shows what there is.`,
  noSuchKey: ({ userName, ending, keyIds }) =>
    `${code(userName)} has no single access key whose id ends in ${code(ending)}, so nothing was started. ${
      keyIds.length === 0 ? 'It has none at all.' : `Its keys are ${keyIds.map(keyName).join(' and ')}.`
    }`,
  keyOff: ({ keyId }) =>
    `${keyName(keyId)} is off already, so nobody can use it and there is nothing to replace. If it is to work again, turn it on in AWS first.`,
  keyIsReplacement: ({ keyId, oldKeyId, stage }) =>
    `${keyName(keyId)} is taking the place of ${keyName(oldKeyId)}: ${STAGE_WORDS[stage]}. Go back or finish there first; \`/keyrotate rotate\` without the four characters shows the buttons.`,
  otherKeyFirst: ({ oldKeyId, stage }) =>
    `A rotation of the other key, ${keyName(oldKeyId)}, is open: ${STAGE_WORDS[stage]}. Press ${
      stage === 'postponed'
        ? `“${MOVE_WORDS.resume.label}” there, then type this again`
        : `“${MOVE_WORDS.delete.label}” or “${MOVE_WORDS.reactivate.label}” there first`
    }; \`/keyrotate rotate\` without the four characters shows the buttons.`,
  ownsNothing: (_, facts) =>
    `I know of no IAM user that is yours. If one is, ${ask(facts)} to name you as its owner.`,
  noNewKey: ({ userName }) =>
    `${code(userName)} has no new key of mine to put in place: create one first, with the button on its message.`,
  standsBack: ({ deployment }) =>
    `Nothing was started: another keyrotate, ${code(deployment)}, was deployed before this one, and is the one that sweeps and writes to owners. \`/keyrotate check\` says what to do.`,
  channelsUnanswered: () =>
    'I could not look up everything that you or your channels own, so nothing was started. Type `/keyrotate rotate` with the name of the IAM user, or try again in some minutes.',
  outdatedCard: () =>
    'This message is out of date, so nothing was changed. Please use the newest one about this IAM user.',
  outdatedPlan: () =>
    'What you saw is more than a day old, so nothing was assigned. Type `/keyrotate owners`, have it shown once more, and assign then.',
  overtaken: ({ askedAt, by }) =>
    `You asked for that on ${moment(askedAt)}, and ${
      by === 'decision'
        ? 'somebody has decided about this IAM user since'
        : 'this IAM user was made after that, under a name that another one may have had'
    }, so nothing was changed. If you still want it, ask for it again.`,
  notAtThisStage: ({ stage, move }) =>
    `“${MOVE_WORDS[move].label}” does not fit any more: ${STAGE_WORDS[stage]}. The buttons shown now are the ones that work.`,
  previewOnly: ({ move }, facts) =>
    move === 'reactivate'
      ? 'I only watch this account, so the key is still off. To end an outage now, whoever may change this IAM user in AWS turns it on: `aws iam update-access-key --user-name … --access-key-id … --status Active`. I see it at my next look.'
      : `I only watch this account so far, so nothing was changed. To have me act there, ${ask(facts)}.`,
  settling: ({ move, until }) =>
    `“${MOVE_WORDS[move].label}” is still under way: AWS has not shown yet how it ended. I look again on ${moment(until)} and update the message; no need to press again.`,
  dateNotPossible: ({ after, atMost }) =>
    `That date is not possible, so nothing was changed. Press “${MOVE_WORDS.postpone.label}” again and choose a day after ${weekday(after)}, ${weekday(atMost)} at the latest.`,
  inputMissing: ({ move }) =>
    `“${MOVE_WORDS[move].label}” needs its form filled in, so nothing was changed. Please press it again.`,
  notRequested: () =>
    'Nobody is waiting for more time here any more, so nothing was changed. The message shows how it stands.',
  alreadyDecided: () =>
    'That is decided already: the message says when the old key goes off. Nothing was changed.',
  nothingDecided: () =>
    'Nothing is decided about when the old key goes off, so it stays on. Nothing was changed.',
  bothNeededKnown: () =>
    'That both keys are needed is known already, and so are the admins. The message says how to give one application an IAM user of its own.',

  // what AWS shows
  slotTaken: ({ otherKeyId }) =>
    `This IAM user has two keys already${otherKeyId ? `, the other one being ${keyName(otherKeyId)}` : ''}, and AWS allows no third. The message says what you can do about the two.`,
  graceNotOver: ({ until }) =>
    `The key can be deleted from ${moment(until)} on. Until then it stays off, and you can turn it back on.`,
  oldKeyOn: () =>
    `Somebody turned this key on again in AWS, so it was not deleted. Press “${MOVE_WORDS.reactivate.label}” if that is meant to last, or turn it off in AWS and try again.`,
  oldKeyOff: () =>
    'The old key is off in AWS, so the other one is the only key that works, and nothing was changed. Turn the old key on in AWS first.',
  oldKeyMissing: () =>
    'AWS does not show this key at the moment, so nothing was changed. If somebody deleted it, I notice within a day and close this.',
  newKeyOff: () => 'The new key is off in AWS, so nothing was changed. Turn it on there first, or go back.',
  newKeyMissing: () =>
    'AWS does not show the new key at the moment, so nothing was changed. Try again in 15 minutes; if it is really gone, I notice within a day and offer you another.',
  otherKeyMissing: () =>
    'AWS does not show the other key any more, so nothing was changed. The buttons shown now are the ones that work.',
  otherKeyOn: ({ keyId }) =>
    `${keyName(keyId)} is on in AWS, so it was not removed: something may use it. If nobody needs it, turn it off in AWS first, then press again.`,
  otherKeyOff: ({ keyId }) =>
    `${keyName(keyId)} is off in AWS, so it cannot take over, and nothing was changed. Turn it on in AWS first, or remove it to make room.`,
  otherKeyOlder: ({ keyId }) =>
    `${keyName(keyId)} is no newer than the key it would replace, so nothing was changed. Turn off the one that nobody needs, or create a new key once there is room.`,
  otherKeyNotDue: ({ keyId }) =>
    `${keyName(keyId)} is not due yet, so this goes on with the older key. Its own turn comes when its age asks for it.`,
  otherKeyStranded: ({ keyId }) =>
    `Nobody is known to have the secret of ${keyName(keyId)}, so it cannot stand in for another key, and nothing was changed. Remove it with the button in the message.`,
  nothingStranded: () =>
    'AWS does not show a key without a stored secret any more, so there is nothing to remove. The buttons shown now are the ones that work.',
  notMadeHere: ({ keyId }) =>
    `${keyName(keyId)} was there before, so I do not delete it. Press “${MOVE_WORDS.undoAdopt.label}” instead.`,
  madeHere: ({ keyId }) =>
    `${keyName(keyId)} was created here to replace the old key. Press “${MOVE_WORDS.discardNewKey.label}” to go back.`,
  userRecreated: (_, facts) =>
    `This IAM user was deleted and made anew under the same name, so nothing was changed: its keys are other keys now. Please ${ask(facts)}.`,
  userGone: () =>
    'AWS no longer has an IAM user of this name. I am finding out whether it was deleted or renamed, and this card will say so.',

  // how it went
  awsRefused: ({ code: why }, facts) =>
    why === 'SecretUnderAnotherKmsKey'
      ? `This IAM user’s secret lies under another KMS key than the one that is configured, so nothing was changed. Please ${ask(facts)}: SECURITY.md tells how to move it.`
      : `AWS said no (${code(why)}), so this was not done. Please ${ask(facts)}: keyrotate may lack a permission there.`,
  awsBusy: (_, facts) =>
    `AWS is too busy just now, so this was not done and nothing was changed. Press again in some minutes; if it stays so, ${ask(facts)}.`,
  lookFailed: ({ code: why }, facts) =>
    `AWS would not show me this key (${code(why)}), so nothing was changed. Try again in some minutes; if it stays so, ${ask(facts)}.`,
  secretNotStored: ({ code: why }, facts) =>
    `The new key could not be put into Secrets Manager (${code(why)}), so it was deleted again. The old key still works. Try again; if it stays so, ${ask(facts)}.`,
  keyNotCreated: () =>
    `No new key was created: the attempt broke off too early. Nothing was changed; press “${MOVE_WORDS.createKey.label}” again.`,
  newKeyStranded: ({ keyId }) =>
    `Key ${keyName(keyId)} came into being while I was creating one, and I did not store its secret. If nobody you know made it, remove it with its button, then press “${MOVE_WORDS.createKey.label}” again.`,
};

export function refusalWords(refusal: Refusal, facts: AskFacts): string {
  const words = REFUSAL_WORDS[refusal.kind] as (refusal: Refusal, facts: AskFacts) => string;
  return words(refusal, facts);
}

function notYours(owner: Owner): string {
  if (owner.kind === 'person')
    return `Only ${mention(owner.slackId)}, who owns this key, or an admin can do that.`;
  if (owner.kind === 'channel')
    return `Only somebody in ${channelLink(owner.channelId)}, which owns this key, or an admin can do that.`;
  return NOBODYS[owner.why];
}

const NOBODYS: Record<Extract<Owner, { kind: 'nobody' }>['why'], string> = {
  none: 'Nobody in Slack is known to own this key, so only an admin can do that.',
  ambiguous: 'More than one person is named as the owner of this key, so only an admin can do that.',
  left: 'Whoever owned this key has left, so only an admin can do that.',
  disowned: 'Whoever owned this key says that it is not theirs, so only an admin can do that.',
};
