// What a card says while both keys work: how to get the new one, where to put it, and how to tell that it is there.
import { ending } from '../../../../domain/access-key.ts';
import type {
  AdoptedKey,
  Confirmed,
  CreatedKey,
  Deactivated,
  Issued,
  Replacement,
} from '../../../../domain/rotation.ts';
import { code, codeBlock } from '../../escape.ts';
import { moment } from '../shared/dates.ts';
import { lastDone, MOVE_WORDS } from '../shared/moves.ts';
import { inTheirWords, keyName, lowerFirst } from '../shared/names.ts';
import { moreTimeLines, requestLines, SOON } from './card-lines.ts';
import { type CardView, goesOffAt, keysInPlay, whoDid } from './card-view.ts';
import { isAllTicked, tickLines } from './tick-lines.ts';

export function issued(rotation: Issued, view: CardView): string[] {
  const { replacement, oldKeyId } = rotation;
  const steps = isAllTicked(view)
    ? [goOn(replacement, view)]
    : replacement.kind === 'created'
      ? created(replacement, view)
      : adopted(replacement, view);
  return [
    `The old key ${keyName(oldKeyId)} *${stillWorks(rotation, view)}*.`,
    ...steps,
    tickLines(rotation, view),
    ...timeLines(rotation, view),
  ];
}

/** As far as AWS shows there is nothing left to put in place; it does not show what runs once a month. */
function goOn(replacement: Replacement, view: CardView): string {
  const again =
    replacement.kind === 'created'
      ? ` Where else is it needed? You can still ${consoleLink(placeOf(replacement, view))}.`
      : '';
  return `If the new key is in place everywhere, press *${MOVE_WORDS.confirmMigration.label}*: you turn the old one off next.${again}`;
}

function created(replacement: CreatedKey, view: CardView): string[] {
  const place = placeOf(replacement, view);
  const { pullCommand } = view;
  if (pullCommand !== undefined)
    return [
      `1. For a profile of ~/.aws: this fetches it with the old key's profile, tries it, and writes it there in the old key's place. For anything else, choose below how, or ${consoleLink(place)}:\n${codeBlock(pull(pullCommand, place))}`,
      [
        `2. Put it wherever else the old key is used.${lastTime(view)}${mailWords(replacement)}`,
        `3. ${checkThere(replacement.keyId)}`,
      ].join('\n'),
    ];
  return [
    `1. Fetch it with the old key's profile, into a file that only you can read, or ${consoleLink(place)}:\n${codeBlock(fetchIntoFile(place))}`,
    [
      `2. Put it wherever the old key is used.${lastTime(view)}${mailWords(replacement)} Then delete that file.`,
      `3. ${checkThere(replacement.keyId)} (\`aws sts get-caller-identity\` prints the same for both keys and proves nothing.)`,
    ].join('\n'),
  ];
}

/** keyrotate never had its secret, so there is nothing to fetch. */
function adopted({ keyId }: AdoptedKey, view: CardView): string[] {
  return [
    [
      '1. Get it from where it is used already: I did not make it, and do not have its secret.',
      `2. Put it wherever the old key is used.${lastTime(view)}`,
      `3. ${checkThere(keyId)}`,
    ].join('\n'),
  ];
}

function checkThere(keyId: string): string {
  return `Check there: the access key in \`aws configure list\` must end in ${code(ending(keyId))}.`;
}

function mailWords({ mailRegion }: CreatedKey): string {
  return mailRegion === undefined
    ? ''
    : ` It sends mail through SES in ${code(mailRegion)}: at its SMTP server the new key's id is the user name, and the password is ${code('SmtpPassword')}, stored beside it.`;
}

function lastTime({ user }: CardView): string {
  return user.usedAt ? ` Last time that was: ${inTheirWords(user.usedAt.text)}.` : '';
}

/** Of the old key, after its name. */
export function stillWorks(rotation: Issued, { user }: CardView): string {
  const { old } = keysInPlay(user, rotation);
  if (!old) return 'was not there at the last look';
  return old.status === 'Active' ? 'still works: nothing breaks until you say so' : 'is off in AWS';
}

export function confirmed(rotation: Confirmed, view: CardView): string[] {
  const { oldKeyId, replacement } = rotation;
  const said = lastDone(rotation, 'confirmMigration');
  const old = keyName(oldKeyId);
  const decided = decidedLine(rotation, view);
  return [
    decided ??
      `${whoDid(said?.by, view)} said that ${keyName(replacement.keyId)} has replaced ${old} everywhere. Whatever still uses ${old} breaks; *you can turn it back on here until you delete it.*`,
    tickLines(rotation, view),
    ...timeLines(rotation, view),
  ];
}

/** From when keyrotate turns it off, who decided so, and whether that has moved since. */
function decidedLine({ decided, oldKeyId }: Confirmed, view: CardView): string | undefined {
  const at = goesOffAt(view);
  if (!decided || at === undefined) return undefined;
  const who = whoDid(decided.by, view);
  const moved = at > decided.from ? ' It was used again since, so that date has moved.' : '';
  const when = at <= view.now ? SOON : `on ${moment(at)}`;
  return `*The old key* ${keyName(oldKeyId)} *goes off ${when}*, if nothing uses it until then: ${lowerFirst(who)} decided so on ${moment(decided.at)}.${moved}`;
}

function timeLines(rotation: Issued | Confirmed, view: CardView): string[] {
  return [...moreTimeLines(rotation, view), ...requestLines(rotation, view)];
}

/** The old key, which is off, cannot fetch the new one any more. */
export function fetchWithoutOldKey(rotation: Deactivated, view: CardView): string[] {
  const { replacement } = rotation;
  const { fresh } = keysInPlay(view.user, rotation);
  if (replacement.kind !== 'created' || fresh?.lastUse.seen !== 'never' || fresh.status !== 'Active')
    return [];
  const place = placeOf(replacement, view);
  return [
    `*Nobody has used the new key yet.* The old one is off and cannot fetch it: ${consoleLink(place)}, or let somebody who may read the secret run this, which puts it into a file that only they can read. Or press *${MOVE_WORDS.reactivate.label}* first.\n${codeBlock(fetchIntoFile(place, READERS_PROFILE))}`,
  ];
}

export function placeOf({ vaultVersion }: CreatedKey, { vaultPath, region, user }: CardView): SecretPlace {
  return { path: vaultPath, region, version: vaultVersion, fileName: fileName(user.userName) };
}

interface SecretPlace {
  path: string;
  region: string;
  /** The version that holds the new key. */
  version: string;
  /** After its IAM user, without an ending. No shell takes it for anything else. */
  fileName: string;
}

/** Where to put one's own profile: words no shell takes for anything else. */
export const OLD_PROFILE = 'YOUR_OLD_PROFILE';
/** Of somebody who may read the secret though they are not the IAM user. */
const READERS_PROFILE = 'A_READERS_PROFILE';

/** Neither the screen nor the shell's history gets to see the secret. In a shell such as bash; PowerShell's is in `show-how.ts`. */
function fetchIntoFile(place: SecretPlace, profile?: string): string {
  return `(umask 077; ${fetchCommand(place, profile)} > ~/.aws/new-key-of-${place.fileName}.json)`;
}

/** Names of IAM users may have `=`, `,`, `@` and `+`. */
function fileName(userName: string): string {
  return userName.replace(/[^\w.-]/g, '-').slice(0, 64);
}

/** Prints the secret: only ever into a pipe, a variable or a file that nobody else can read. */
export function fetchCommand(
  { path, region, version }: Omit<SecretPlace, 'fileName'>,
  profile = OLD_PROFILE,
): string {
  const words = [
    ...['aws', 'secretsmanager', 'get-secret-value'],
    ...['--region', region, '--profile', profile],
    ...['--secret-id', path, '--version-id', version],
    ...['--query', 'SecretString', '--output', 'text'],
  ];
  return words.map(shellQuoted).join(' ');
}

/** It shows no secret. */
export function pull(command: string, { path, region, version }: Omit<SecretPlace, 'fileName'>): string {
  const words = ['--region', region, '--profile', OLD_PROFILE, '--secret-id', path, '--version-id', version];
  return [command, ...words.map(shellQuoted)].join(' ');
}

/** The secret's page in the console of the partition that the region belongs to. */
function consoleLink({ path, region }: SecretPlace): string {
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
