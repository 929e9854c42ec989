// Every refusal there is, with a text that somebody else chose in every place that has one.
import type { Refusal, RefusalKind } from '../../../src/domain/refusal.ts';
import { DAY } from '../../../src/domain/time.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { NEW, NOW, OLD, OTHER } from './fixtures.ts';

export function refusalsWith(text: string): { [K in RefusalKind]: Extract<Refusal, { kind: K }>[] } {
  return {
    notYours: [
      { kind: 'notYours', owner: { kind: 'person', slackId: text, from: 'ownerTag' } },
      { kind: 'notYours', owner: { kind: 'channel', channelId: text } },
      ...(['none', 'ambiguous', 'left', 'disowned'] as const).map((why) => ({
        ...{ kind: 'notYours' as const, owner: { kind: 'nobody' as const, why, named: ['a@b.c', text] } },
      })),
    ],
    personBarred: (['guest', 'stranger', 'bot', 'deactivated', 'foreign', 'unknown'] as const).map((why) => ({
      kind: 'personBarred',
      why,
    })),
    adminsOnly: [{ kind: 'adminsOnly' }],
    ownerOnly: [{ kind: 'ownerOnly' }],
    slackRefused: [{ kind: 'slackRefused', code: text }],
    ownerInDoubt: [{ kind: 'ownerInDoubt' }],
    cannotOwn: [
      { kind: 'cannotOwn', who: 'person' },
      { kind: 'cannotOwn', who: 'channel' },
    ],
    nothingOpen: [{ kind: 'nothingOpen' }],
    noSuchUser: [{ kind: 'noSuchUser', userName: text }],
    noKeyOn: [{ kind: 'noKeyOn', userName: text }],
    noSuchKey: [
      { kind: 'noSuchKey', userName: text, ending: 'WXYZ', keyIds: [OLD, NEW] },
      { kind: 'noSuchKey', userName: text, ending: 'WXYZ', keyIds: [] },
    ],
    keyOff: [{ kind: 'keyOff', keyId: NEW }],
    keyIsReplacement: [{ kind: 'keyIsReplacement', keyId: NEW, oldKeyId: OLD, stage: 'issued' }],
    otherKeyFirst: (['postponed', 'retired'] as const).map((stage) => ({
      kind: 'otherKeyFirst',
      oldKeyId: OLD,
      stage,
    })),
    ownsNothing: [{ kind: 'ownsNothing' }],
    channelsUnanswered: [{ kind: 'channelsUnanswered' }],
    outdatedCard: [{ kind: 'outdatedCard' }],
    outdatedPlan: [{ kind: 'outdatedPlan' }],
    overtaken: (['decision', 'anotherUser'] as const).map((by) => ({ kind: 'overtaken', askedAt: NOW, by })),
    notAtThisStage: MOVE_NAMES.map((move) => ({ kind: 'notAtThisStage', stage: 'issued', move })),
    noNewKey: [{ kind: 'noNewKey', userName: text }],
    standsBack: [{ kind: 'standsBack', deployment: 'prod in us-east-1' }],
    previewOnly: [{ kind: 'previewOnly' }, { kind: 'previewOnly', move: 'reactivate' }],
    settling: [{ kind: 'settling', move: 'createKey', until: NOW }],
    dateNotPossible: [{ kind: 'dateNotPossible', after: NOW, atMost: NOW + 366 * DAY }],
    inputMissing: MOVE_NAMES.map((move) => ({ kind: 'inputMissing', move })),
    notRequested: [{ kind: 'notRequested' }],
    bothNeededKnown: [{ kind: 'bothNeededKnown' }],
    alreadyDecided: [{ kind: 'alreadyDecided' }],
    nothingDecided: [{ kind: 'nothingDecided' }],
    slotTaken: [
      { kind: 'slotTaken', otherKeyId: OTHER },
      { kind: 'slotTaken', otherKeyId: '' },
    ],
    graceNotOver: [{ kind: 'graceNotOver', until: NOW }],
    oldKeyOn: [{ kind: 'oldKeyOn' }],
    oldKeyOff: [{ kind: 'oldKeyOff' }],
    oldKeyMissing: [{ kind: 'oldKeyMissing' }],
    newKeyOff: [{ kind: 'newKeyOff' }],
    newKeyMissing: [{ kind: 'newKeyMissing' }],
    otherKeyMissing: [{ kind: 'otherKeyMissing' }],
    otherKeyOn: [{ kind: 'otherKeyOn', keyId: OTHER }],
    otherKeyOff: [{ kind: 'otherKeyOff', keyId: OTHER }],
    otherKeyOlder: [{ kind: 'otherKeyOlder', keyId: OTHER }],
    otherKeyNotDue: [{ kind: 'otherKeyNotDue', keyId: OTHER }],
    otherKeyStranded: [{ kind: 'otherKeyStranded', keyId: OTHER }],
    nothingStranded: [{ kind: 'nothingStranded' }],
    notMadeHere: [{ kind: 'notMadeHere', keyId: OTHER }],
    madeHere: [{ kind: 'madeHere', keyId: NEW }],
    userRecreated: [{ kind: 'userRecreated' }],
    userGone: [{ kind: 'userGone' }],
    awsRefused: [
      { kind: 'awsRefused', code: text },
      { kind: 'awsRefused', code: 'SecretUnderAnotherKmsKey' },
    ],
    awsBusy: [{ kind: 'awsBusy' }],
    lookFailed: [{ kind: 'lookFailed', code: text }],
    secretNotStored: [{ kind: 'secretNotStored', code: text }],
    keyNotCreated: [{ kind: 'keyNotCreated' }],
    newKeyStranded: [{ kind: 'newKeyStranded', keyId: NEW }],
  };
}
