// Foreign text made safe for Slack's mrkdwn: names cannot ping, format, link, break out of code, or turn the line around.

/** Shown as code, where nothing is formatted. A backtick has no escape in there, so it becomes an apostrophe. */
export function code(text: string, most = 64): string {
  return `\`${apart(escaped(cut(clean(text).replaceAll('`', "'"), most))) || '?'}\``;
}

/** A block of code, kept to the letter. */
export function codeBlock(text: string): string {
  return `\`\`\`${escaped(text.replaceAll('```', "'''"))}\`\`\``;
}

/** Shown as words. The marks of mrkdwn have no escape, so they become characters that look like them. */
export function prose(text: string, most = 64): string {
  const tame = clean(text)
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('`', "'")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ');
  return apart(escaped(cut(tame, most)));
}

/** For labels of plain text, where no mark means anything; what could be markup all the same looks like itself. */
export function label(text: string, most = 75): string {
  return cut(clean(text).replaceAll('&', '＆').replaceAll('<', '‹').replaceAll('>', '›'), most);
}

const MOST_IN_CELL = 200;

/** For a cell of a table: on one line, and nothing unseen in it. */
export function inCell(text: string): string {
  return cut(text.replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ').trim(), MOST_IN_CELL);
}

/** Notifies the person in a channel they are in: for messages that only one person sees. */
export function mention(slackId: string): string {
  return /^[UW][A-Z0-9]+$/.test(slackId) ? `<@${slackId}>` : code(slackId);
}

/** The same for a user group. https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups */
export function groupMention(id: string): string {
  return /^S[A-Z0-9]+$/.test(id) ? `<!subteam^${id}>` : code(id);
}

export function channelLink(id: string): string {
  return /^[CG][A-Z0-9]+$/.test(id) ? `<#${id}>` : code(id);
}

/** At most so many characters as people count them, the last one an ellipsis when some are missing. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** Slack asks for these three and no other. https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Letters that run from right to left: Hebrew, Arabic and their kin. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Set apart, so that the numbers and marks around it stay where they are. https://www.w3.org/TR/i18n-html-tech-bidi/ */
function apart(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** On one line, without control characters, direction marks or anything else that takes no room. */
function clean(text: string): string {
  return text
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim();
}
