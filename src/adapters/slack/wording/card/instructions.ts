// How to fetch the new key and how to tell that it is in place: lines to copy, and a link.
import { codeBlock } from '../../escape.ts';

export interface SecretPlace {
  /** The secret's name. */
  path: string;
  region: string;
  /** The version that holds the new key. */
  version: string;
}

/** Where to put one's own profile: words no shell takes for anything else. */
const OLD_PROFILE = 'YOUR_OLD_PROFILE';
/** Of somebody who may read the secret though they are not the IAM user. */
export const READERS_PROFILE = 'A_READERS_PROFILE';

export function fetchCommand({ path, region, version }: SecretPlace, profile = OLD_PROFILE): string {
  const words = [
    ...['aws', 'secretsmanager', 'get-secret-value'],
    ...['--region', region, '--profile', profile],
    ...['--secret-id', path, '--version-id', version],
    ...['--query', 'SecretString', '--output', 'text'],
  ];
  return codeBlock(words.map(shellQuoted).join(' '));
}

/** The secret's page in the console of the partition that the region belongs to. */
export function consoleLink({ path, region }: SecretPlace): string {
  const domain = DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'console.aws.amazon.com';
  const query = `name=${encoded(path)}&amp;region=${encoded(region)}`;
  return `<https://${encoded(region)}.${domain}/secretsmanager/secret?${query}|open it in the AWS console>`;
}

const DOMAINS = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
  ['eusc-', 'console.amazonaws-eusc.eu'],
] as const;

/** As encodeURIComponent, and what would end a link in Slack. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*|]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function shellQuoted(word: string): string {
  return /^[\w/.:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
