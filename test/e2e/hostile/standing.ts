// An IAM user put at a stage directly, in IAM and in the table, in a situation where one move would be possible.
import { dynamoUsers } from '../../../src/adapters/store/users.ts';
import type { AccessKey } from '../../../src/domain/access-key.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { addressOf, type Owner } from '../../../src/domain/owner.ts';
import type { Rotation } from '../../../src/domain/rotation.ts';
import type { MoveName, Stage } from '../../../src/domain/transitions.ts';
import { POLICY } from '../../domain/given.ts';
import { DAY, HOUR } from '../../sandbox/clock.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { addMessage } from '../../sandbox/servers/slack/chat.ts';
import { openDm } from '../../sandbox/servers/slack/conversations.ts';
import { newName, type World } from '../mortal-world.ts';
import type { Whose } from './persons.ts';

export interface Standing {
  user: IamUser;
  card: { channel: string; ts: string };
}

type Kind = 'working' | 'off';

/** The key in the other slot, by its age in days, where a move is about one. */
const OTHER_KEY: Partial<Record<MoveName, { age: number; kind: Kind }>> = {
  adopt: { age: 10, kind: 'working' },
  switchKey: { age: 85, kind: 'working' },
  clearSlot: { age: 10, kind: 'off' },
  discardStranded: { age: 10, kind: 'working' },
  keepBoth: { age: 10, kind: 'working' },
};

const WITH_REPLACEMENT: readonly Stage[] = ['issued', 'confirmed', 'deactivated', 'deleted'];
const WITHOUT_OLD_KEY: readonly Stage[] = ['deleted', 'resolved'];
const WITH_OLD_KEY_OFF: readonly Stage[] = ['deactivated', 'retired'];

export async function standAt(
  world: World,
  { stage, move, whose }: { stage: Stage; move: MoveName; whose: Whose },
): Promise<Standing> {
  const { sandbox } = world;
  const now = sandbox.clock.now();
  const userName = newName(world);
  const { userId, arn } = sandbox.aws.iam.addUser(userName, { createdAt: now - 400 * DAY });
  const old = madeKey(world, userName, { age: 90, usedAgo: 30 * DAY, kind: 'working' });
  const keys = keysAt(world, userName, { stage, move, old });
  const other = keys.find(({ id }) => id !== old.id);
  const dm = openDm(sandbox.slack.workspace, sandbox.organisation.people.ana);
  const slack = { workspace: sandbox.slack.workspace, clock: sandbox.clock };
  const { ts } = addMessage(slack, dm, { text: userName, blocks: [] });
  const card = { channel: dm.id, ts };
  const owner = ownerOf(whose, sandbox);
  const user = await tableOf(world).save({
    ...{ account: sandbox.organisation.account, userName, userId, arn, version: 0, owner, keys },
    ...{ keysSeenAt: now, knownKeyIds: [old.id, ...keys.map(({ id }) => id)], longestSilence: 0 },
    messages: [{ ...card, reader: { as: 'owner', id: addressOf(owner) ?? '' }, drawing: '' }],
    ...{ toldEntries: 0, unconfirmed: [], stranded: [] },
    rotation: rotationAt(stage, move, { old, other, now }),
    ...(move === 'discardStranded' && other && { stranded: [other.id] }),
    ...(whose === 'inDoubt' && { ownerChange: { to: { kind: 'channel', channelId: 'C0OTHER' }, at: now } }),
    // What is removed for good is asked twice: the press here is the second.
    ...((move === 'discardStranded' || move === 'clearSlot') &&
      other && {
        question: { move, doubts: [{ kind: 'removesForGood', keyId: other.id }], askedAt: now },
      }),
  });
  return { user, card };
}

function keysAt(
  world: World,
  userName: string,
  { stage, move, old }: { stage: Stage; move: MoveName; old: AccessKey },
): AccessKey[] {
  const { console } = world.sandbox.aws.iam;
  const isOff = WITH_OLD_KEY_OFF.includes(stage);
  if (isOff) console.setKeyStatus(userName, old.id, 'Inactive');
  const first: AccessKey = { ...old, status: isOff ? 'Inactive' : 'Active' };
  const given = OTHER_KEY[move];
  // What is thrown away is not in use.
  const usedAgo = move === 'discardNewKey' || move === 'discardStranded' ? undefined : HOUR;
  const second = WITH_REPLACEMENT.includes(stage)
    ? [madeKey(world, userName, { age: 1, usedAgo, kind: 'working' })]
    : given
      ? [madeKey(world, userName, { ...given, usedAgo })]
      : [];
  if (!WITHOUT_OLD_KEY.includes(stage)) return [first, ...second];
  console.deleteKey(userName, old.id);
  return second;
}

function madeKey(
  { sandbox }: World,
  userName: string,
  { age, usedAgo, kind }: { age: number; usedAgo: number | undefined; kind: Kind },
): AccessKey {
  const { clock, aws, organisation } = sandbox;
  const createdAt = clock.now() - age * DAY;
  const status = kind === 'off' ? 'Inactive' : 'Active';
  const lastUsed = usedAgo === undefined ? undefined : { at: clock.now() - usedAgo, service: 's3' };
  const { region } = organisation;
  const { id } = aws.iam.addKey(userName, {
    ...{ createdAt, status },
    ...(lastUsed && { lastUsed: { ...lastUsed, region } }),
  });
  return {
    id,
    status,
    createdAt,
    lastUse: lastUsed ? { seen: 'used', ...lastUsed, region } : { seen: 'never' },
  };
}

function rotationAt(
  stage: Stage,
  move: MoveName,
  { old, other, now }: { old: AccessKey; other: AccessKey | undefined; now: number },
): Rotation {
  const by = { kind: 'person', slackId: 'U0SOMEBODY', as: 'owner' } as const;
  const moreTime = { until: now + 30 * DAY, why: 'The vendor is slow', by, at: now - DAY };
  const begun = {
    ...{ oldKeyId: old.id, oldKeyCreatedAt: old.createdAt },
    ...{ openedAt: now - 9 * DAY, contactedAt: now - 9 * DAY, history: [] },
  };
  const keyId = other?.id ?? '';
  const replacement =
    move === 'undoAdopt'
      ? ({ kind: 'adopted', keyId } as const)
      : ({ kind: 'created', keyId, vaultVersion: 'version-1' } as const);
  const off = { offSince: now - 8 * DAY, offBy: 'keyrotate' } as const;
  const on = { ...begun, ...((move === 'approve' || move === 'decline') && { request: moreTime }) };
  const all: { [At in Stage]: Extract<Rotation, { stage: At }> } = {
    due: { stage: 'due', ...on },
    postponed: { stage: 'postponed', ...on, ...moreTime, extendedTo: moreTime.until },
    issued: { stage: 'issued', ...on, replacement },
    confirmed: {
      stage: 'confirmed',
      ...{ ...on, replacement, confirmedAt: now - DAY },
      ...(move === 'keepOn' && {
        decided: { jobId: 'click/0', by, at: now, from: now + DAY, oldKeyId: old.id, newKeyId: keyId },
      }),
    },
    deactivated: { stage: 'deactivated', ...begun, replacement, ...off },
    retired: { stage: 'retired', ...begun, ...off },
    deleted: { stage: 'deleted', ...begun, replacement, closedAt: now - DAY, isFiled: true },
    resolved: { stage: 'resolved', ...begun, closedAt: now - DAY, isFiled: true },
  };
  return all[stage];
}

function ownerOf(whose: Whose, { organisation: { people, teamChannel } }: Sandbox): Owner {
  return whose === 'teams'
    ? { kind: 'channel', channelId: teamChannel }
    : { kind: 'person', slackId: people.ana, from: 'ownerTag' };
}

function tableOf({ table: client, sandbox }: World) {
  return dynamoUsers({
    client,
    table: sandbox.environment.TABLE_NAME ?? '',
    policy: () => POLICY,
    now: sandbox.clock.now,
    log: { info() {}, warn() {}, error() {} },
  });
}
