// What AWS shows once, and nobody may paste into Slack or find in a log: a secret access key, also beside its key's id.

const KEY_ID = '(?:AKIA|ASIA)[A-Z0-9]{12,}';

/** 40 characters of base64 that no others go on from, but for the id of a key and a slash. */
const SECRET = new RegExp(
  `(?<![A-Za-z0-9/+])(?:${KEY_ID}[/+])?[A-Za-z0-9/+]{40}(?:[/+]${KEY_ID})?(?![A-Za-z0-9/+=])`,
  'g',
);

export function maskedSecrets(text: string, mark: string): string {
  return text.replace(SECRET, (match) => (isMixed(match) ? mark : match));
}

export function holdsSecret(text: string): boolean {
  return maskedSecrets(text, '') !== text;
}

/** A hash has no capitals, and a path of that length no digits among small letters and capitals. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}
