// Every reason keyrotate says no. Each has one sentence for people, in the wording.
import type { AccessKeyId } from './access-key.ts';
import type { Owner } from './owner.ts';
import type { Instant } from './time.ts';
import type { MoveName, OpenStage, Stage } from './transitions.ts';

export type Refusal =
  // who asks
  | { kind: 'notYours'; owner: Owner }
  | { kind: 'personBarred'; why: 'guest' | 'stranger' | 'bot' | 'deactivated' | 'foreign' | 'unknown' }
  /** Slack does not say who asks, or who is an admin. */
  | { kind: 'slackRefused'; code: string }
  | { kind: 'adminsOnly' }
  | { kind: 'ownerOnly' }
  /** The tags name another owner than the one who was told: until an admin decides, only admins act. */
  | { kind: 'ownerInDoubt' }
  | { kind: 'cannotOwn'; who: 'person' | 'channel' }
  // what is asked
  | { kind: 'nothingOpen' }
  | { kind: 'noSuchUser'; userName: string }
  | { kind: 'noKeyOn'; userName: string }
  /** `keyIds`: those that there are, oldest first. */
  | { kind: 'noSuchKey'; userName: string; ending: string; keyIds: AccessKeyId[] }
  | { kind: 'keyOff'; keyId: AccessKeyId }
  | { kind: 'keyIsReplacement'; keyId: AccessKeyId; oldKeyId: AccessKeyId; stage: OpenStage }
  /** A rotation of the user's other key is under way, or was put off. */
  | { kind: 'otherKeyFirst'; oldKeyId: AccessKeyId; stage: OpenStage }
  | { kind: 'ownsNothing' }
  /** What is theirs, by a channel or in an account, could not all be looked up, and no IAM user was named. */
  | { kind: 'channelsUnanswered' }
  /** There is none of which keyrotate has the secret. */
  | { kind: 'noNewKey'; userName: string }
  | { kind: 'outdatedCard' }
  /** What was shown that would be assigned to whom was shown too long ago. */
  | { kind: 'outdatedPlan' }
  /** It was asked for before somebody decided otherwise, or before there was this IAM user of the name. */
  | { kind: 'overtaken'; askedAt: Instant; by: 'decision' | 'anotherUser' }
  | { kind: 'notAtThisStage'; stage: Stage; move: MoveName }
  /** `move`: what was pressed, where it was a move. */
  | { kind: 'previewOnly'; move?: MoveName }
  /** Another deployment, by its name, was there first and writes to owners. */
  | { kind: 'standsBack'; deployment: string }
  | { kind: 'settling'; move: MoveName; until: Instant }
  | { kind: 'dateNotPossible'; after: Instant; atMost: Instant }
  | { kind: 'inputMissing'; move: MoveName }
  | { kind: 'notRequested' }
  | { kind: 'bothNeededKnown' }
  /** That the old key goes off once it is quiet. */
  | { kind: 'alreadyDecided' }
  | { kind: 'nothingDecided' }
  // what AWS shows
  | { kind: 'slotTaken'; otherKeyId: AccessKeyId }
  | { kind: 'graceNotOver'; until: Instant }
  | { kind: 'oldKeyOn' }
  | { kind: 'oldKeyOff' }
  | { kind: 'oldKeyMissing' }
  | { kind: 'newKeyOff' }
  | { kind: 'newKeyMissing' }
  | { kind: 'otherKeyMissing' }
  | { kind: 'otherKeyOn'; keyId: AccessKeyId }
  | { kind: 'otherKeyOff'; keyId: AccessKeyId }
  | { kind: 'otherKeyOlder'; keyId: AccessKeyId }
  | { kind: 'otherKeyNotDue'; keyId: AccessKeyId }
  | { kind: 'otherKeyStranded'; keyId: AccessKeyId }
  | { kind: 'nothingStranded' }
  /** The key in the old one's place was there before: keyrotate does not delete it. */
  | { kind: 'notMadeHere'; keyId: AccessKeyId }
  | { kind: 'madeHere'; keyId: AccessKeyId }
  | { kind: 'userRecreated' }
  | { kind: 'userGone' }
  // how it went
  | { kind: 'awsRefused'; code: string }
  /** It throttles, or is too slow for a key to be made and stored in time. */
  | { kind: 'awsBusy' }
  | { kind: 'lookFailed'; code: string }
  | { kind: 'secretNotStored'; code: string }
  | { kind: 'keyNotCreated' }
  | { kind: 'newKeyStranded'; keyId: AccessKeyId };

export type RefusalKind = Refusal['kind'];
