// What `/keyrotate status` tells: one line per open rotation, straight from the table.
import { ageInDays } from '../../domain/access-key.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { movesOffered } from '../../domain/legality.ts';
import { otherKeyIn, situationOf } from '../../domain/moves/situation.ts';
import { deadlineOf, graceEndsAt, isOverdue, type Policy } from '../../domain/policy.ts';
import { isOpen } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { cardOf, drawingFor } from '../../domain/wanted.ts';
import type { Ports } from '../ports.ts';
import type { Status, StatusLine } from './answers.ts';
import { type ChannelPorts, channelUsers } from './channel-users.ts';

type StatusPorts = ChannelPorts & Pick<Ports, 'accounts' | 'policy' | 'now'>;

/** The most urgent first. The index may lag a moment behind a press. */
export async function readStatus(slackId: string, ports: StatusPorts): Promise<Status> {
  const { accounts, users, policy, now } = ports;
  const [own, ofChannels] = await Promise.all([users.ownedBy(slackId), channelUsers(slackId, ports)]);
  const channelsUnanswered = ofChannels === 'unanswered';
  const lines = [...own, ...(channelsUnanswered ? [] : ofChannels)]
    .filter((user) => accounts.includes(user.account))
    .flatMap((user) => statusLine(user, policy(user.account), now()))
    .sort((a, b) => a.deadline - b.deadline || b.ageDays - a.ageDays);
  return { lines, channelsUnanswered };
}

function statusLine(user: IamUser, policy: Policy, now: Instant): StatusLine[] {
  const { owner, rotation } = user;
  const mayDisown = movesOffered(situationOf(user, policy, now)).includes('notMine');
  const card = cardOf(user);
  if (!isOpen(rotation)) return [];
  return [
    {
      account: user.account,
      userName: user.userName,
      ...(owner.kind === 'channel' && { channelId: owner.channelId }),
      oldKeyId: rotation.oldKeyId,
      ageDays: ageInDays({ createdAt: rotation.oldKeyCreatedAt }, now),
      deadline: deadlineOf(rotation, policy, now),
      overdue: isOverdue(rotation, user.keys, policy, now),
      stage: rotation.stage,
      ...(otherKeyIn({ rotation, keys: user.keys }) && { hasOther: true }),
      ...(policy.mode === 'preview' && { isPreview: true }),
      ...('offSince' in rotation && { deletableFrom: graceEndsAt(rotation, policy) }),
      ...(mayDisown && { notMine: drawingFor({ as: 'owner', id: '' }, user, policy, now) }),
      ...(card && { card: { channel: card.channel, ts: card.ts } }),
    },
  ];
}
