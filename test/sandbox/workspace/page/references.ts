// What Slack makes of typed text before an app hears of it: three characters escaped, people and channels by their ids.
import type { Screen } from '../screen.ts';

type Known = Pick<Screen, 'people' | 'conversations'>;

/** https://docs.slack.dev/messaging/formatting-message-text#escaping, and `should_escape` in the manifest for commands. */
export function asSlackSends(typed: string, { people, conversations }: Known): string {
  const references = new Map<string, string>();
  for (const { id, name, handle } of people)
    for (const said of [name, handle]) references.set(`@${said.toLowerCase()}`, `<@${id}>`);
  for (const { id, name, kind } of conversations)
    if (kind !== 'dm') references.set(`#${name.toLowerCase()}`, `<#${id}>`);
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // "@Ana García" before "@ana".
  const said = [...references.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}._-])(?:${said.join('|')})(?![\\p{L}\\p{N}_-])`, 'giu');
  return escaped.replace(pattern, (name) => references.get(name.toLowerCase()) ?? name);
}
