// Which private channels there are, and who is in them: asked anew each time, because both change.
import type { ConversationsInfoResponse, WebClient } from '@slack/web-api';
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory } from '../../usecases/ports.ts';
import { askingUnless } from './slack-error.ts';

type Channel = NonNullable<ConversationsInfoResponse['channel']>;

/** keyrotate is in none of these. The scope to look at public channels is not asked for: they may not own anyway. */
const NOT_SEEN: ReadonlySet<string> = new Set(['channel_not_found', 'missing_scope']);
/** Shares no channel with keyrotate. */
const NOT_IN_ANY: ReadonlySet<string> = new Set(['user_not_found', 'missing_scope']);

const PER_PAGE = 200;
/** Of the channels that somebody shares with keyrotate: nobody is in so many. */
const MOST_PAGES = 10;

export function slackChannels(
  client: WebClient,
): Pick<Directory, 'channel' | 'isMember' | 'privateChannelsOf'> {
  return {
    async channel(channelId) {
      const looking = client.conversations.info({ channel: channelId });
      const answer = await askingUnless(NOT_SEEN, 'conversations.info', looking);
      if (!answer) return undefined;
      return { mayOwn: isPrivateToUs(present(answer.channel, 'conversations.info')) };
    },

    async isMember(channel, slackId) {
      let cursor: string | undefined;
      do {
        const page = client.conversations.members({ channel, ...pageFrom(cursor) });
        const answer = await askingUnless(NOT_SEEN, 'conversations.members', page);
        if (!answer) return false;
        if (present(answer.members, 'conversations.members').includes(slackId)) return true;
        cursor = answer.response_metadata?.next_cursor;
      } while (cursor);
      return false;
    },

    async privateChannelsOf(user) {
      const wanted = { user, types: 'private_channel', exclude_archived: true };
      const found: string[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = client.users.conversations({ ...wanted, ...pageFrom(cursor) });
        const answer = await askingUnless(NOT_IN_ANY, 'users.conversations', page);
        if (!answer) return [];
        const channels = present(answer.channels, 'users.conversations');
        found.push(...channels.map(({ id }) => present(id, 'users.conversations')));
        cursor = answer.response_metadata?.next_cursor;
        if (!cursor) return found;
      }
      throw new OutsideError('unknown', 'users.conversations', 'too_many_pages');
    },
  };
}

function pageFrom(cursor: string | undefined): { limit: number; cursor?: string } {
  return { limit: PER_PAGE, ...(cursor && { cursor }) };
}

function present<Field>(field: Field | undefined, operation: string): Field {
  if (field === undefined) throw new OutsideError('unknown', operation, 'malformed_answer');
  return field;
}

/** A channel of one workspace that only its members see. Direct and group conversations are private, too, but no team. */
function isPrivateToUs(channel: Channel): boolean {
  const { is_private, is_archived, is_im, is_mpim } = channel;
  const isShared = channel.is_shared || channel.is_ext_shared || channel.is_org_shared;
  return is_private === true && !isShared && !is_archived && !is_im && !is_mpim;
}
