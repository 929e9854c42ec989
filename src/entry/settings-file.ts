// The file of settings that the framework reads, .env.<stage> or .env, line by line as the framework understands it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export interface SettingsFiles {
  /** undefined: there is none. */
  read: string | undefined;
  /** Those beside it that somebody may believe to be read. */
  ignored: string[];
  /** undefined where it is no text in UTF-8, of which the framework understands nothing. */
  lines: SettingsLine[] | undefined;
}

export interface SettingsLine {
  name: string;
  /** undefined: no sign follows the name, and the framework skips the line. */
  value: string | undefined;
  /** A # without a space before it ends the value all the same. */
  isCut: boolean;
}

/** @param folder the project's */
export function settingsFiles(folder: string, stage: string | undefined): SettingsFiles {
  const [read, ...ignored] = [`.env.${stage}`, '.env'].filter((name) => existsSync(join(folder, name)));
  if (read === undefined)
    return { read, ignored: readdirSync(folder).filter((name) => /^\.?env(\.|$)/i.test(name)), lines: [] };
  const text = readFileSync(join(folder, read), 'utf8');
  return { read, ignored, lines: text.includes('\0') ? undefined : linesOf(text) };
}

/** A value in quotes ends on its line: none of the settings is longer. */
function linesOf(text: string): SettingsLine[] {
  return text.split(/\r\n?|\n/).flatMap((line) => {
    const [, name, sign, rest = ''] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const isCut = /^#\S|^[^#'"`]*[^\s#'"`]#/.test(rest.trimStart());
    return [{ name, isCut, value: sign && (parseEnv(`VALUE=${rest}`).VALUE ?? rest.trim()) }];
  });
}

const LINE = /^\s*(?:export\s+)?([^\s#=:][^#=:]*?)\s*(?:(=|:\s)(.*)|[#:].*)?$/;
