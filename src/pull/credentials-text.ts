// The text of ~/.aws/credentials: which key a profile has, and the same text with another in its place. Every byte is a character
// (latin1), so that what is not that key's comes back as it was, in whatever encoding.
import { ending } from '../domain/access-key.ts';
import type { Secret } from '../usecases/secret.ts';
import { Refused } from './refused.ts';

/** Where the values of a profile's key stand. Without `keys` the profile has none. */
type Profile =
  | { kind: 'missing'; known: string[] }
  | { kind: 'there'; header: number; inset: string; keys?: { id: Property; secret: Property } };

interface Property {
  line: number;
  /** In small letters. */
  name: string;
  /** What it is indented by. */
  inset: string;
  value: string;
  /** Where in its line the value begins. */
  from: number;
}

interface Section {
  name: string;
  /** The line of its header, and that after its last. */
  header: number;
  end: number;
}

export interface KeyToWrite {
  id: string;
  secret: Secret;
  /** The key that it is made to replace. */
  replaces: string;
}

const ID = 'aws_access_key_id';
const SECRET = 'aws_secret_access_key';

/** Where a profile has its credentials from, if not from a key of its own ("AWS SDKs and Tools Reference", settings). */
const OTHER_SOURCES = [
  'aws_security_token',
  'aws_session_token',
  'credential_process',
  'credential_source',
  'login_session',
  'role_arn',
  'sso_session',
  'sso_start_url',
  'web_identity_token_file',
];

const BOM = Buffer.from('\uFEFF').toString('latin1');
const asBytes = (text: string) => Buffer.from(text).toString('latin1');
const asText = (bytes: string) => Buffer.from(bytes, 'latin1').toString();

/**
 * The text with the new key in this one profile. `anyway`: though the profile is not there, or has another key than the one
 * that is replaced. Throws Refused (file) where it is not plain what would come of it.
 */
export function withKey(text: string, profile: string, key: KeyToWrite, anyway: boolean): string {
  const found = findProfile(text, profile);
  if (!anyway) demandOldKey(text, profile, found, key.replaces, key.id);
  const lines = linesOf(text);
  if (found.kind === 'missing') return `${endedText(text)}${newProfile(profile, key, lineEnd(lines))}`;
  if (!found.keys) {
    lines[found.header] = `${terminated(lines, found.header)}${keyLines(key, lineEnd(lines), found.inset)}`;
    return lines.join('');
  }
  replace(lines, found.keys.id, key.id);
  replace(lines, found.keys.secret, key.secret.reveal());
  return lines.join('');
}

/** The id of the key that a profile has; undefined: none. Throws Refused (file), also where there is no such profile. */
export function keyIdOf(text: string, profile: string, anyway: boolean): string | undefined {
  const found = findProfile(text, profile);
  if (found.kind === 'missing' && !anyway) throw noSuchProfile(profile, found.known);
  return found.kind === 'there' ? found.keys?.id.value : undefined;
}

/**
 * Whether ~/.aws/config has a key for the profile. Throws Refused (file) where it has credentials of another kind for it, which
 * might count before a key.
 */
export function configHasKey(config: string, profile: string): boolean {
  const names = profile === 'default' ? ['default', 'profile default'] : [`profile ${profile}`];
  const lines = linesOf(config);
  const properties = sectionsIn(lines)
    .filter(({ name }) => names.includes(asText(name).trim().replace(/\s+/g, ' ').replaceAll(/["']/g, '')))
    .flatMap((section) => propertiesIn(lines, section));
  demandOwnKey(properties, profile);
  return properties.some(({ name }) => name === ID);
}

function demandOldKey(text: string, profile: string, found: Profile, replaced: string, newId: string): void {
  if (found.kind === 'missing') throw noSuchProfile(profile, found.known);
  const has = found.keys?.id.value;
  if (has === replaced || has === newId) return;
  const others = holdersOf(text, replaced);
  const where = others.length > 0 ? ` (${others.join(', ')})` : '';
  throw refused(
    `Profile ${profile} has ${has === undefined ? 'no key' : `the key …${ending(has)}`}, and the new key replaces …${ending(replaced)}: name with --profile the one that has that${where}, or write it there all the same with --anyway.`,
  );
}

function noSuchProfile(profile: string, known: string[]): Refused {
  const there = known.length === 0 ? 'none' : known.join(', ');
  return refused(
    `There is no profile ${profile}, of those in this file (${there}): name with --profile the one that has the old key, or have it made with --anyway.`,
  );
}

/** The profiles that have this key, where that can be read. */
function holdersOf(text: string, keyId: string): string[] {
  const lines = linesOf(text);
  return sectionsIn(lines)
    .filter((section) =>
      lines.slice(section.header, section.end).some((line) => new RegExp(`=\\s*${keyId}\\b`).test(line)),
    )
    .map(({ name }) => asText(name));
}

function findProfile(text: string, profile: string): Profile {
  const name = asBytes(profile);
  const lines = linesOf(text);
  const sections = sectionsIn(lines);
  const [section, again] = sections.filter((one) => one.name === name);
  if (again && section)
    throw refused(
      `[${profile}] stands there twice, in lines ${section.header + 1} and ${again.header + 1}: AWS's tools do not agree which counts. Make one of them.`,
    );
  if (!section) {
    const wrong = sections.find((one) => one.name.trim().replace(/^profile\s+/, '') === name);
    if (wrong)
      throw refused(
        `Line ${wrong.header + 1} says [${asText(wrong.name)}], under which no tool of AWS's finds profile ${profile} in this file, whatever ~/.aws/config may call it. Write [${profile}].`,
      );
    return { kind: 'missing', known: sections.map((one) => asText(one.name)) };
  }
  const properties = propertiesIn(lines, section);
  demandOwnKey(properties, profile);
  const keys = keysAmong(properties, profile);
  const inset = properties[0]?.inset ?? '';
  return { kind: 'there', header: section.header, inset, ...(keys && { keys }) };
}

function demandOwnKey(properties: Property[], profile: string): void {
  // A role may be assumed with the key of the very profile that names it.
  const isOwnSource = properties.some(
    ({ name, value }) => name === 'source_profile' && value === asBytes(profile),
  );
  const other = properties.find(
    ({ name }) => OTHER_SOURCES.includes(name) && !(isOwnSource && name === 'role_arn'),
  );
  if (other)
    throw refused(
      `Profile ${profile} has ${other.name} (line ${other.line + 1}), so its credentials are not, or not only, those of a key: name with --profile the one that has the old key.`,
    );
}

function keysAmong(properties: Property[], profile: string): { id: Property; secret: Property } | undefined {
  const [id, secret] = [ID, SECRET].map((name) => {
    const [one, again] = properties.filter((property) => property.name === name);
    if (again)
      throw refused(`Line ${again.line + 1} has ${name} once more: leave one for profile ${profile}.`);
    return one;
  });
  if (!id && !secret) return undefined;
  if (!id || !secret)
    throw refused(`Profile ${profile} has ${id ? ID : SECRET} without ${id ? SECRET : ID}: mend that.`);
  return { id, secret };
}

function linesOf(text: string): string[] {
  if (text.includes('\0')) throw refused('It is not in UTF-8 (UTF-16, probably): save it as UTF-8.');
  const alone = /\r(?!\n)/.exec(text);
  if (alone) {
    const line = text.slice(0, alone.index).split('\n').length;
    throw refused(`Line ${line} has a carriage return that ends no line: save it with usual line ends.`);
  }
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function sectionsIn(lines: string[]): Section[] {
  const sections: Section[] = [];
  lines.forEach((line, nth) => {
    const written = nth === 0 && line.startsWith(BOM) ? line.slice(BOM.length) : line;
    if (!/^\s*\[/.test(written)) return;
    const name = /^\[([^[\]]+)\]\s*(?:\s[#;].*)?$/.exec(written.trimEnd())?.[1];
    if (name === undefined)
      throw refused(`Line ${nth + 1} begins with [, and is no heading such as [default]: mend that.`);
    sections.push({ name, header: nth, end: lines.length });
    const before = sections.at(-2);
    if (before) before.end = nth;
  });
  return sections;
}

/**
 * What is indented beneath a setting without a value is that one's, such as `s3 =`. Of any other indentation some of AWS's tools
 * make more of the value, others a setting.
 */
function propertiesIn(lines: string[], { header, end }: Section): Property[] {
  const properties: Property[] = [];
  for (let line = header + 1; line < end; line += 1) {
    const text = lines[line] ?? '';
    if (/^\s*([#;]|$)/.test(text)) continue;
    const inset = text.length - text.trimStart().length;
    const before = properties.at(-1);
    const isBeneath = before !== undefined && inset > before.inset.length;
    if (isBeneath ? before.value !== '' : inset > 0 && before?.value === '') throw indented(line);
    if (!isBeneath) properties.push(propertyAt(text, line));
  }
  return properties;
}

function indented(line: number): Refused {
  return refused(
    `Line ${line + 1} is indented, and AWS's tools do not agree what that makes of it: take out the blanks at its beginning.`,
  );
}

function propertyAt(text: string, line: number): Property {
  const [, start = '', inset = '', written = '', value = '', rest] =
    /^((\s*)([^=\s]+(?:[ \t]+[^=\s]+)*)[ \t]*=[ \t]*)(\S*)(.*?)\r?\n?$/.exec(text) ?? [];
  const name = written.toLowerCase();
  if (rest === undefined) throw refused(`Line ${line + 1} is neither a property nor a comment: mend that.`);
  const isOfKey = name === ID || name === SECRET;
  if (isOfKey && (value === '' || !/^\s*$|^\s+[#;]/.test(rest)))
    throw refused(
      `Line ${line + 1} has ${value === '' ? 'no value' : 'more than a value'} for ${name}: mend that.`,
    );
  return { line, name, inset, value, from: start.length };
}

function replace(lines: string[], { line, from, value }: Property, by: string): void {
  const text = lines[line] ?? '';
  lines[line] = text.slice(0, from) + by + text.slice(from + value.length);
}

function lineEnd(lines: string[]): string {
  return lines[0]?.endsWith('\r\n') ? '\r\n' : '\n';
}

function terminated(lines: string[], nth: number): string {
  const line = lines[nth] ?? '';
  return line.endsWith('\n') ? line : `${line}${lineEnd(lines)}`;
}

/** Ready for another profile below what is there. */
function endedText(text: string): string {
  const lines = linesOf(text);
  const last = lines.at(-1);
  if (last === undefined || text === BOM) return text;
  const end = lineEnd(lines);
  return `${text}${last.endsWith('\n') ? '' : end}${last.trim() === '' ? '' : end}`;
}

function newProfile(profile: string, key: KeyToWrite, end: string): string {
  // "Configuration and credential file settings": what else there may be has to be quoted, or cannot be.
  if (!/^[\w@+.%:/-]+$/.test(profile))
    throw new Refused('usage', `${profile} is no name for a new profile: take letters, digits and _@+.%:/-.`);
  return `[${profile}]${end}${keyLines(key, end)}`;
}

/** Indented less than what follows, they would have that for a part of them. */
function keyLines({ id, secret }: KeyToWrite, end: string, inset = ''): string {
  return `${inset}${ID} = ${id}${end}${inset}${SECRET} = ${secret.reveal()}${end}`;
}

function refused(message: string): Refused {
  return new Refused('file', message);
}
