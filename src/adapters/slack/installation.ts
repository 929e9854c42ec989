// keyrotate in Slack: the scopes of its token, the admin channel, and the admins.
import type { WebClient } from '@slack/web-api';
import type { Installation } from '../../usecases/ports.ts';
import { type DirectoryOptions, groupMembers, slackDirectory } from './directory.ts';
import { asking, askingUnless, isStaleToken } from './slack-error.ts';

/** Those of manifest.json. */
export const SCOPES = [
  'channels:read',
  'chat:write',
  'commands',
  'groups:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

export interface InstallationOptions extends Omit<DirectoryOptions, 'cacheMs'> {
  client: WebClient;
  adminChannel: string;
}

/** Slack says so of a channel that is not there, and of a private one that keyrotate is not in. */
const NOT_SEEN = 'channel_not_found';

export function slackInstallation(options: InstallationOptions): Installation {
  const { client, teamId, adminChannel, admins, adminGroup } = options;
  const directory = slackDirectory({ ...options, cacheMs: 0 });

  async function isAble(slackId: string): Promise<boolean> {
    const person = await directory.person(slackId);
    return person !== undefined && person.barred === undefined;
  }

  return {
    async app() {
      const answer = await asking('auth.test', client.auth.test()).catch((error) => {
        if (!isStaleToken(error)) throw error;
        return error.code;
      });
      if (typeof answer === 'string') return { isOurs: true, missingScopes: [], refusedAs: answer };
      const granted = answer.response_metadata?.scopes ?? [];
      return {
        isOurs: answer.team_id === teamId,
        missingScopes: SCOPES.filter((scope) => !granted.includes(scope)),
      };
    },

    async adminChannel() {
      const looking = client.conversations.info({ channel: adminChannel });
      const answer = await askingUnless(new Set([NOT_SEEN]), 'conversations.info', looking);
      if (!answer) return { id: adminChannel, cannot: NOT_SEEN };
      if (answer.channel?.is_archived) return { id: adminChannel, cannot: 'is_archived' };
      return { id: adminChannel, ...(!answer.channel?.is_member && { cannot: 'not_in_channel' }) };
    },

    async admins() {
      const inGroup = adminGroup ? await groupMembers(client, adminGroup) : [];
      const named = [...new Set([...admins, ...inGroup])];
      const judged = await Promise.all(named.map(async (id) => [id, await isAble(id)] as const));
      const which = (able: boolean) => judged.filter((one) => one[1] === able).map(([id]) => id);
      return { able: which(true), unable: which(false).filter((id) => admins.includes(id)) };
    },
  };
}
