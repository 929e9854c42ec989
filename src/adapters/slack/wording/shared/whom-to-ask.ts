// Whom people ask: the one place that says so.
import { channelLink, groupMention, mention } from '../../escape.ts';

/** As it is configured: a channel where there is one, else some admins, or their group. */
export interface Helpers {
  channel?: string | undefined;
  /** By their Slack ids. */
  admins?: readonly string[] | undefined;
  group?: string | undefined;
  /** Many read it, and a mention would notify whoever of them is an admin: nobody is named. */
  isForMany?: boolean | undefined;
}

export interface AskFacts {
  helpers: Helpers;
}

const MOST_NAMED = 3;

/** `ask @Sam or @Lena`: in the middle of a sentence. */
export function ask({ helpers: { channel, admins = [], group, isForMany } }: AskFacts): string {
  if (channel !== undefined) return `ask an admin in ${channelLink(channel)}`;
  if (isForMany) return 'ask an admin (`/keyrotate help` says whom)';
  const named = admins.slice(0, MOST_NAMED).map(mention);
  const last = named.pop();
  if (last !== undefined) return `ask ${named.length > 0 ? `${named.join(', ')} or ` : ''}${last}`;
  return group === undefined ? 'ask an admin' : `ask somebody in ${groupMention(group)}`;
}

export function questions(facts: AskFacts): string {
  return `Questions? ${ask(facts).replace(/^a/, 'A')}.`;
}

/** Nobody is told to ask themselves, unless there is nobody else. */
export function helpersFor(helpers: Helpers, reader: string | undefined): Helpers {
  return { ...helpers, admins: helpers.admins?.filter((id) => id !== reader) };
}
