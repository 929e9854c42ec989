// The AWS profiles on somebody's machine, for a word to whoever named one that gives no credentials.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { awsProfile } from './config.ts';

/** One sentence or two, for a command that found no credentials. `hint`: what to do where no profile was named. */
export function noCredentials(hint: string): string {
  const { profile } = awsProfile();
  if (profile === undefined) return `There are no AWS credentials here. Log in, or ${hint}.`;
  const files = profileFiles();
  const known = [...new Set(files.flatMap(profilesIn))].sort();
  if (known.includes(profile))
    return `The AWS profile ${profile} gives no credentials. Log in, such as with aws sso login --profile ${profile}.`;
  const there = known.length === 0 ? 'no profile' : known.join(', ');
  return `There is no AWS profile ${profile}: ${files.join(' and ')} know of ${there}.`;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
function profileFiles(): string[] {
  const { config, credentials } = awsProfile();
  const folder = join(homedir(), '.aws');
  return [config || join(folder, 'config'), credentials || join(folder, 'credentials')];
}

/** `[profile NAME]` in the one file, `[NAME]` in the other. Other sections of the first have another word before their name. */
function profilesIn(path: string): string[] {
  const lines = textOf(path).matchAll(/^\[\s*(?:profile\s+)?(?:"([^"\]]+)"|([^\s\]]+))\s*\]/gm);
  return [...lines].map(([, quoted, plain = '']) => quoted ?? plain);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
