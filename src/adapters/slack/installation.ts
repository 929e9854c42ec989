// keyrotate in Slack: the scopes of its token, the admin channel, and the admins.
import type { WebClient } from '@slack/web-api';
import { ifRefused } from '../../usecases/errors.ts';
import type { Installation } from '../../usecases/ports.ts';
import { type DirectoryOptions, groupMembers, slackDirectory } from './directory.ts';
import { asking, askingUnless, isStaleToken } from './slack-error.ts';

/** Those of manifest.json. */
export const SCOPES = [
  'channels:read',
  'chat:write',
  'commands',
  'groups:read',
  'im:history',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

export interface InstallationOptions extends Omit<DirectoryOptions, 'cacheMs'> {
  client: WebClient;
  appId: string;
  adminChannel: string;
}

/** Slack says so of a channel that is not there, and of a private one that keyrotate is not in. */
const NOT_SEEN = 'channel_not_found';
const NO_GROUP = 'no_such_subteam';

export function slackInstallation(options: InstallationOptions): Installation {
  const { client, teamId, appId, adminChannel, admins, adminGroup } = options;
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
      if (typeof answer === 'string') return { missingScopes: [], cannot: answer };
      if (answer.team_id !== teamId) return { missingScopes: [], cannot: 'other_workspace' };
      const granted = answer.response_metadata?.scopes ?? [];
      const missingScopes = SCOPES.filter((scope) => !granted.includes(scope));
      if (missingScopes.includes('users:read')) return { missingScopes };
      const { bot } = await asking('bots.info', client.bots.info({ bot: answer.bot_id ?? '' }));
      return { missingScopes, ...(bot?.app_id !== appId && { cannot: 'other_app' }) };
    },

    async adminChannel() {
      const looking = client.conversations.info({ channel: adminChannel });
      const answer = await askingUnless(new Set([NOT_SEEN]), 'conversations.info', looking);
      if (!answer) return { id: adminChannel, cannot: NOT_SEEN };
      if (answer.channel?.is_archived) return { id: adminChannel, cannot: 'is_archived' };
      return { id: adminChannel, ...(!answer.channel?.is_member && { cannot: 'not_in_channel' }) };
    },

    async admins() {
      const inGroup = adminGroup
        ? await ifRefused(groupMembers(client, adminGroup), (error) => {
            if (error.code !== NO_GROUP) throw error;
            return undefined;
          })
        : [];
      const named = [...new Set([...admins, ...(inGroup ?? [])])];
      const judged = await Promise.all(named.map(async (id) => [id, await isAble(id)] as const));
      const which = (able: boolean) => judged.filter((one) => one[1] === able).map(([id]) => id);
      return {
        able: which(true),
        unable: which(false).filter((id) => admins.includes(id)),
        ...(adminGroup && !inGroup && { noGroup: adminGroup }),
      };
    },
  };
}
