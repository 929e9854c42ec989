// What the private channels own that somebody is a member of: to be seen by whoever may press, as of now.
import type { IamUser } from '../../domain/iam-user.ts';
import { ifFailed } from '../errors.ts';
import type { Directory, Ports, UserLists } from '../ports.ts';
import { barredAs } from '../shared/authorize.ts';

export interface ChannelPorts extends Pick<Ports, 'log'> {
  users: UserLists;
  directory: Pick<Directory, 'person' | 'channel' | 'privateChannelsOf'>;
}

/** An IAM user that a channel owns. */
export type ChannelUser = IamUser & { owner: { kind: 'channel' } };

/** Never fails for Slack's sake: what people own themselves is told all the same. */
export async function channelUsers(
  slackId: string,
  ports: ChannelPorts,
): Promise<ChannelUser[] | 'unanswered'> {
  return ifFailed(lookUp(slackId, ports), (error) => {
    ports.log.warn('channels.unanswered', { personId: slackId, error });
    return 'unanswered' as const;
  });
}

/** Few channels own anything, so most people cost one question. */
async function lookUp(slackId: string, { users, directory }: ChannelPorts): Promise<ChannelUser[]> {
  const channels = await directory.privateChannelsOf(slackId);
  const listed = await Promise.all(channels.map((channel) => users.ownedBy(channel)));
  const owned = listed.flat().filter(isOfChannel);
  if (owned.length === 0) return [];
  const owning = [...new Set(owned.map(({ owner }) => owner.channelId))];
  const [barred, ...answers] = await Promise.all([
    barredAs(slackId, directory),
    ...owning.map((channel) => directory.channel(channel)),
  ]);
  if (barred) return [];
  const mayOwn = new Set(owning.filter((_, i) => answers[i]?.mayOwn));
  return owned.filter(({ owner }) => mayOwn.has(owner.channelId));
}

function isOfChannel(user: IamUser): user is ChannelUser {
  return user.owner.kind === 'channel';
}
