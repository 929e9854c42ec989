// Every reason keyrotate says no. Each has one sentence for people, in the wording.
import type { AccessKeyId } from './access-key.ts';
import type { Owner } from './owner.ts';
import type { Instant } from './time.ts';
import type { MoveName, Stage } from './transitions.ts';

export type Refusal =
  // who asks
  | { kind: 'notYours'; owner: Owner }
  | { kind: 'personBarred'; why: 'guest' | 'stranger' | 'bot' | 'deactivated' | 'foreign' | 'unknown' }
  | { kind: 'adminsOnly' }
  // what is asked
  | { kind: 'nothingOpen' }
  | { kind: 'outdatedCard' }
  | { kind: 'notAtThisStage'; stage: Stage; move: MoveName }
  | { kind: 'previewOnly' }
  | { kind: 'settling'; move: MoveName; until: Instant }
  // what AWS shows
  | { kind: 'slotTaken'; otherKeyId: AccessKeyId }
  | { kind: 'graceNotOver'; until: Instant }
  | { kind: 'oldKeyOn' }
  | { kind: 'oldKeyOff' }
  | { kind: 'oldKeyMissing' }
  | { kind: 'newKeyOff' }
  | { kind: 'newKeyMissing' }
  | { kind: 'userRecreated' }
  | { kind: 'userGone' }
  // how it went
  | { kind: 'awsRefused'; code: string }
  | { kind: 'lookFailed'; code: string }
  | { kind: 'secretNotStored'; code: string }
  | { kind: 'keyNotCreated' }
  | { kind: 'newKeyStranded'; keyId: AccessKeyId };

export type RefusalKind = Refusal['kind'];
