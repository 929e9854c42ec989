// The accounts where ACCOUNTS names a file: one on each line, as `aws organizations list-accounts` writes them, or as in the setting.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from './accounts-file.cjs';
import { ACCOUNT } from './environment.ts';

export interface Listed {
  /** As the setting has them. */
  accounts: string;
  problems: string[];
}

/** `folder`: the project's, or where Lambda unpacked it. What is no file's name is the list itself. */
export function listedAccounts(setting: string, folder: string): Listed {
  if (!isFile(setting)) return { accounts: setting, problems: [] };
  let text: string;
  try {
    text = readFileSync(join(folder, setting), 'utf8');
  } catch {
    return { accounts: '', problems: [`ACCOUNTS names the file ${setting}, which cannot be read`] };
  }
  const lines = text.split(/\r?\n/).map((line, nth) => ({ nth: nth + 1, entry: entryOf(line) }));
  const listed = lines.filter(({ entry }) => entry !== '');
  const told = ({ nth, entry }: { nth: number; entry: string }) =>
    `ACCOUNTS: line ${nth} of ${setting} must be an account's id, with an optional name, mode and region; it is ${JSON.stringify(entry.slice(0, 80))}`;
  return {
    accounts: listed
      .filter(({ entry }) => ACCOUNT.test(entry))
      .map(({ entry }) => entry)
      .join(),
    problems: listed.filter(({ entry }) => !ACCOUNT.test(entry)).map(told),
  };
}

/** Behind a tab there is a name as people have given it: what would end it in the setting is left out. */
function entryOf(line: string): string {
  const [first = '', ...more] = line
    .replace(/(^|\s)#.*$/, '')
    .trim()
    .split('\t');
  return [
    first,
    ...more.map((part) =>
      part
        .replace(/[:,${}]/g, ' ')
        .trim()
        .slice(0, 60),
    ),
  ].join(':');
}
