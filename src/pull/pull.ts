// `keyrotate pull`, step by step: look at the file, fetch, try the key as itself, write or print. What is wrong with the file is
// told before AWS is asked.
import { ending } from '../domain/access-key.ts';
import type { Asked } from './arguments.ts';
import { fetchKey, type NewKey, type Through, type Waiting, whoseKey } from './aws.ts';
import { rewrite, textAt, textToRewrite } from './credentials-file.ts';
import { configHasKey, keyIdOf, withKey } from './credentials-text.ts';
import { Refused } from './refused.ts';

export interface Surroundings {
  /** Of the machine: ~/.aws/credentials, ~/.aws/config, or what stands in their place. */
  files: { credentials: string; config: string };
  /** AWS_PROFILE. */
  profile: string | undefined;
  /** Credentials stand in the environment, and count where no profile is named. */
  hasOwnCredentials: boolean;
  printsToTerminal: boolean;
  clock: Omit<Waiting, 'ms'>;
  /** For whoever reads along. */
  say(words: string): void;
  /** What was asked for, for a pipe. */
  print(text: string): void;
}

/** Throws Refused, and then nothing was changed. */
export async function pull(asked: Asked, around: Surroundings): Promise<void> {
  const named = asked.profile ?? around.profile;
  const profile = named ?? 'default';
  const writes = asked.print === undefined;
  demandPipe(asked, around);
  if (writes) demandFit(profile, asked, around);
  const through: Through = { profile: asked.from ?? reader(named, writes, around), region: asked.region };
  const key = await fetchKey({ path: asked.path, version: asked.version }, through);
  around.say(`Fetched ${keyName(key)} of ${key.userName}, which replaces …${ending(key.replaces)}.`);
  if (asked.dryRun) return tellDryRun(profile, key, asked, around);
  const arn = await whoseKey(key, { ...through, region: key.region }, { ...around.clock, ms: asked.waitMs });
  around.say(`Tried it: AWS knows it as ${arn}.`);
  if (asked.print === 'env') return around.print(environmentOf(key));
  if (asked.print === 'process') return around.print(processOf(profile, key.region, asked));
  write(profile, key, asked, around);
}

/** Where credentials stand in the environment and no profile is named, those fetch what is only printed, as in a pipeline. */
function reader(named: string | undefined, writes: boolean, { hasOwnCredentials }: Surroundings) {
  return named ?? (writes && !hasOwnCredentials ? 'default' : undefined);
}

function demandPipe({ print, showSecret, dryRun }: Asked, { printsToTerminal }: Surroundings): void {
  if (print === 'env' && printsToTerminal && !showSecret && !dryRun)
    throw new Refused(
      'usage',
      'That would show the secret on a terminal: send it into a pipe or a file, or say --show-secret.',
    );
}

function demandFit(profile: string, { anyway }: Asked, { files }: Surroundings): void {
  const config = textAt(files.config);
  const hasKey = within(files.config, () => config !== undefined && configHasKey(config, profile));
  const text = textToRewrite(files.credentials) ?? '';
  const keyId = within(files.credentials, () => keyIdOf(text, profile, anyway || hasKey));
  if (hasKey && keyId === undefined)
    throw new Refused(
      'file',
      `Profile ${profile} has its key in ${files.config}: move the two lines to ${files.credentials}, under [${profile}], and run this again.`,
    );
}

function write(profile: string, key: NewKey, { anyway }: Asked, { files, say }: Surroundings): void {
  const { changed, file, copy } = rewrite(files.credentials, (text) =>
    edited(text, profile, key, anyway, files),
  );
  say(
    changed
      ? `Wrote it into profile ${profile} of ${file}.`
      : `Profile ${profile} in ${file} has it already.`,
  );
  if (copy) say(`What stood there before is in ${copy}: delete that once all works.`);
}

function tellDryRun(
  profile: string,
  key: NewKey,
  { print, anyway }: Asked,
  { files, say }: Surroundings,
): void {
  if (print !== undefined) {
    say('Nothing was printed: this is a dry run.');
    return;
  }
  const before = textAt(files.credentials) ?? '';
  const after = edited(before, profile, key, anyway, files);
  say(
    before === after
      ? `Profile ${profile} in ${files.credentials} has it already.`
      : `Would write it into profile ${profile} of ${files.credentials}, once AWS knows it. Nothing was changed: this is a dry run.`,
  );
}

function edited(
  text: string,
  profile: string,
  key: NewKey,
  anyway: boolean,
  files: Surroundings['files'],
): string {
  const { id, secret, replaces } = key;
  return within(files.credentials, () => withKey(text, profile, { id, secret, replaces }, anyway));
}

/** What is wrong with a text does not know which file it is of. */
function within<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refused ? new Refused(error.kind, `In ${file}: ${error.message}`) : error;
  }
}

function keyName({ id }: NewKey): string {
  return `the new key …${ending(id)}`;
}

function environmentOf({ id, secret }: NewKey): string {
  return `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret.reveal()}\n`;
}

/** What is stored is what `credential_process` is to print. */
function processOf(profile: string, region: string, { path, version, from = '' }: Asked): string {
  if (from === profile)
    throw new Refused(
      'usage',
      `Profile ${profile} cannot fetch its own key with that key: name a reader's with --from.`,
    );
  const words = [
    ...['aws', 'secretsmanager', 'get-secret-value', '--region', region],
    ...['--profile', quoted(from), '--secret-id', path],
    ...(version === undefined ? [] : ['--version-id', version]),
    ...['--query', 'SecretString', '--output', 'text'],
  ];
  const heading = profile === 'default' ? 'default' : `profile ${quoted(profile)}`;
  return `[${heading}]\ncredential_process = ${words.join(' ')}\n`;
}

function quoted(name: string): string {
  return /^[\w@+.%:/-]+$/.test(name) ? name : `"${name}"`;
}
