// Whose keys are listed: somebody's own, those of the private channels they are in, or both.
import { channelLink, mention } from '../../escape.ts';

/** One's own, or somebody else's, asked for by an admin. */
export type Whose = 'own' | { slackId: string };

/** `ofChannels`: how many of `all` a channel owns. */
export interface Numbers {
  all: number;
  ofChannels: number;
}

/** `You have`, `Your channels have`, `@Ana and their channels have`. */
export function holders(whose: Whose, { all, ofChannels }: Numbers, [have, has]: [string, string]): string {
  const person = whose === 'own' ? 'You' : mention(whose.slackId);
  if (ofChannels === 0) return `${person} ${whose === 'own' ? have : has}`;
  if (ofChannels < all) return `${person} and ${whose === 'own' ? 'your' : 'their'} channels ${have}`;
  return `${whose === 'own' ? 'Your channels' : `The channels of ${person}`} ${have}`;
}

/** Behind the name of an IAM user; nothing where they own it themselves. */
export function ofChannel(channelId: string | undefined): string {
  return channelId === undefined ? '' : ` · owned by ${channelLink(channelId)}`;
}

export function channelsNotKnown(whose: Whose): string {
  const channels = whose === 'own' ? 'your channels' : `the channels of ${mention(whose.slackId)}`;
  return `:warning: I could not look up ${channels}: what a channel owns is missing here. Try again in some minutes.`;
}
