// The text of ~/.aws/credentials as people really have it: one key is replaced, and every other byte stays, or it is said why not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configHasKey, keyIdOf, withKey } from '../../src/pull/credentials-text.ts';
import { Refused } from '../../src/pull/refused.ts';
import { Secret } from '../../src/usecases/secret.ts';
import { refusal } from './refusal.ts';

const OLD = 'AKIAOLDOLDOLDOLDTSZI';
const SECRET = 'n'.repeat(38);
const KEY = { id: 'AKIANEWNEWNEWNEWLAHN', secret: new Secret(SECRET), replaces: OLD };
const OLD_LINES = `aws_access_key_id = ${OLD}\naws_secret_access_key = old/+secret\n`;
const NEW_LINES = `aws_access_key_id = ${KEY.id}\naws_secret_access_key = ${SECRET}\n`;

const bytes = (text: string) => Buffer.from(text).toString('latin1');
const pulled = (text: string, profile = 'ci', anyway = false) =>
  Buffer.from(withKey(bytes(text), profile, KEY, anyway), 'latin1').toString();

describe('a file that people have', () => {
  const files: [string, string][] = [
    ['of one profile', `[ci]\n${OLD_LINES}`],
    ['without a line end at its end', `[ci]\n${OLD_LINES.trimEnd()}`],
    [
      'with comments, blank lines and other profiles around it',
      `# my keys; [ci]\n\n[default]\naws_access_key_id=AKIADEFAULT000000000\naws_secret_access_key=x\n\n; the robot\n[ci] # bot\n# aws_access_key_id = AKIACOMMENT\n${OLD_LINES}region = eu-central-1\n\n[ci-2]\n${OLD_LINES}`,
    ],
    ['with the line ends of Windows', `[a]\nb = c\n[ci]\n${OLD_LINES}[d]\n`.replaceAll('\n', '\r\n')],
    ['with line ends of both kinds', `[a]\r\nb = c\n[ci]\r\n${OLD_LINES}[d]\r\n`],
    ['that begins with a byte order mark', `\uFEFF[ci]\n${OLD_LINES}`],
    [
      'with settings beneath a setting',
      `[ci]\n${OLD_LINES}s3 =\n  max_concurrent_requests = 20\n  aws_access_key_id = no\n`,
    ],
    [
      'all of which is indented',
      `[ci]\n  aws_access_key_id = ${OLD}\n  aws_secret_access_key = old/+secret\n`,
    ],
    [
      'with comments behind the values',
      `[ci]\naws_access_key_id = ${OLD} # since May\naws_secret_access_key = old/+secret   ; too\n`,
    ],
    [
      'with blanks where nobody sees them',
      `[ci]  \naws_access_key_id\t=  ${OLD} \t\naws_secret_access_key=old/+secret  \n`,
    ],
    ['with names in capitals', `[ci]\nAWS_ACCESS_KEY_ID = ${OLD}\nAws_Secret_Access_Key = old/+secret\n`],
    [
      'with the secret first',
      `[ci]\naws_secret_access_key = old/+secret\noutput = json\naws_access_key_id = ${OLD}\n`,
    ],
    ['with [profile ci] besides', `[profile ci]\nregion = x\n[ci]\n${OLD_LINES}`],
    ['of the old key in two profiles', `[a]\n${OLD_LINES}[ci]\n${OLD_LINES}`],
    [
      'of two hundred profiles',
      Array.from(
        { length: 200 },
        (_, nth) => `[${nth === 117 ? 'ci' : `p${nth}`}]\n${OLD_LINES}# ${nth}\n`,
      ).join('\n'),
    ],
  ];

  it.each(files)('%s: two values change, and nothing else', (_, text) => {
    const section = text.search(/(?<=^\uFEFF?|\n)\[ci\]/);
    const old = text.slice(section).replace(OLD, KEY.id).replace('old/+secret', SECRET);
    expect(pulled(text)).toBe(text.slice(0, section) + old);
    expect(pulled(pulled(text))).toBe(pulled(text));
  });

  it('in another encoding than UTF-8 keeps its bytes', () => {
    const text = `# clé de déploiement\n[ci]\n${OLD_LINES}`;
    const latin = Buffer.from(text, 'latin1').toString('latin1');
    expect(withKey(latin, 'ci', KEY, false)).toBe(text.replace(OLD_LINES, NEW_LINES));
  });

  it('has the profile under a name in any script', () => {
    expect(pulled(`[Bücher]\n${OLD_LINES}`, 'Bücher')).toBe(`[Bücher]\n${NEW_LINES}`);
  });
});

describe('anyway', () => {
  it.each([
    ['', '', '\n'],
    ['\uFEFF', '', '\n'],
    ['[a]\nb = c', '\n\n', '\n'],
    ['[a]\r\nb = c\r\n', '\r\n', '\r\n'],
    ['[a]\nb = c\n\n', '', '\n'],
  ])('makes the profile below what is there: %j', (text, between, end) => {
    expect(pulled(text, 'ci', true)).toBe(`${text}${between}${`[ci]\n${NEW_LINES}`.replaceAll('\n', end)}`);
    expect(pulled(pulled(text, 'ci', true), 'ci', true)).toBe(pulled(text, 'ci', true));
  });

  it('puts the key into a profile that has none', () => {
    expect(pulled('[ci]\nregion = x\n', 'ci', true)).toBe(`[ci]\n${NEW_LINES}region = x\n`);
    expect(pulled('[a]\r\n[ci]', 'ci', true)).toBe(`[a]\r\n[ci]\r\n${NEW_LINES.replaceAll('\n', '\r\n')}`);
  });

  it('replaces another key than the old one', () => {
    const other = OLD_LINES.replace(OLD, 'AKIAOTHER00000000000');
    expect(pulled(`[ci]\n${other}`, 'ci', true)).toBe(`[ci]\n${NEW_LINES}`);
  });

  it('makes no profile whose name AWS’s tools would read otherwise', () => {
    expect(refusal(() => pulled('', 'two words', true))).toContain('two words is no name for a new profile');
  });
});

describe('refused, with what to do', () => {
  it.each([
    [
      'no such profile',
      `[a]\n[b]\n`,
      /^There is no profile ci, of those in this file \(a, b\): .* --anyway\.$/,
    ],
    ['an empty file', '', /^There is no profile ci, of those in this file \(none\)/],
    [
      '[profile ci] in the wrong file',
      `[a]\n[profile  ci]\n${OLD_LINES}`,
      /^Line 2 says \[profile {2}ci\].* Write \[ci\]\.$/,
    ],
    ['the profile twice', `[ci]\n${OLD_LINES}[ci]\n`, /^\[ci\] stands there twice, in lines 1 and 4/],
    ['a name with blanks around it', `[ ci ]\n${OLD_LINES}`, /^Line 1 says \[ ci \]/],
    [
      'another key in it',
      `[ci]\n${OLD_LINES.replace(OLD, 'AKIAOTHER0000000WXYZ')}[old]\n${OLD_LINES}`,
      /has the key …WXYZ, and the new key replaces …TSZI: name with --profile the one that has that \(old\)/,
    ],
    ['no key in it', '[ci]\nregion = x\n', /^Profile ci has no key, and the new key replaces …TSZI/],
    [
      'half a key',
      `[ci]\naws_access_key_id = ${OLD}\n`,
      /has aws_access_key_id without aws_secret_access_key: mend/,
    ],
    ['the id twice', `[ci]\n${OLD_LINES}AWS_ACCESS_KEY_ID = x\n`, /^Line 4 has aws_access_key_id once more/],
    [
      'a value that goes on',
      `[ci]\n${OLD_LINES}  and more\n`,
      /^Line 4 is indented, and AWS's tools do not agree/,
    ],
    [
      'a key beneath another setting',
      `[ci]\nregion = x\n  aws_access_key_id = ${OLD}\n`,
      /^Line 3 is indented/,
    ],
    ['an empty value', `[ci]\naws_access_key_id =\naws_secret_access_key = x\n`, /^Line 2 has no value/],
    [
      'two words for a value',
      `[ci]\naws_access_key_id = ${OLD} x\naws_secret_access_key = x\n`,
      /^Line 2 has more than a value/,
    ],
    [
      'a colon for an equals sign',
      `[ci]\naws_access_key_id: ${OLD}\n`,
      /^Line 2 is neither a property nor a comment/,
    ],
    [
      'a token of temporary credentials',
      `[ci]\n${OLD_LINES}aws_session_token = x\n`,
      /^Profile ci has aws_session_token \(line 4\)/,
    ],
    ['a role', `[ci]\nrole_arn = x\nsource_profile = a\n`, /^Profile ci has role_arn \(line 2\)/],
    ['a heading that is none', `[ci\n${OLD_LINES}`, /^Line 1 begins with \[, and is no heading/],
    ['an indented heading', `[ci]\n${OLD_LINES} [b]\n`, /^Line 4 begins with \[/],
    ['UTF-16', Buffer.from(`[ci]\n${OLD_LINES}`, 'utf16le').toString(), /^It is not in UTF-8/],
    [
      'line ends of another age',
      `[ci]\r${OLD_LINES.replaceAll('\n', '\r')}`,
      /^Line 1 has a carriage return that ends no line/,
    ],
  ])('%s', (_, text, words) => {
    const message = refusal(() => pulled(text));
    expect(message).toMatch(words);
    expect(message).not.toMatch(/old\/\+secret|n{38}/);
  });

  it('tells all but whose key it is before there is a new one', () => {
    expect(keyIdOf(`[ci]\n${OLD_LINES}`, 'ci', false)).toBe(OLD);
    expect(refusal(() => keyIdOf('[a]\n', 'ci', false))).toContain('There is no profile ci');
    expect(keyIdOf('[a]\n', 'ci', true)).toBeUndefined();
  });
});

describe('~/.aws/config', () => {
  it('may have settings for the profile, or its key, and no credentials of another kind', () => {
    expect(configHasKey('[profile ci]\nregion = x\ns3 =\n  a = b\n', 'ci')).toBe(false);
    expect(configHasKey(`[profile "ci"]\n${OLD_LINES}`, 'ci')).toBe(true);
    expect(configHasKey(`[default]\n${OLD_LINES}`, 'ci')).toBe(false);
    expect(configHasKey('[profile a]\nrole_arn = x\n[sso-session ci]\nsso_start_url = x\n', 'ci')).toBe(
      false,
    );
    expect(configHasKey('[profile ci]\nrole_arn = x\nsource_profile = ci\n', 'ci')).toBe(false);
    for (const name of ['role_arn', 'sso_session', 'credential_process'])
      expect(refusal(() => configHasKey(`[profile ci]\n${name} = x\n`, 'ci'))).toContain(
        `has ${name} (line 2)`,
      );
    expect(refusal(() => configHasKey('[default]\nrole_arn = x\n', 'default'))).toContain('has role_arn');
  });
});

/** Lines of files, good ones and bad. */
const anyText = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          ...[
            '[ci]',
            '[ ci ]',
            '[default]',
            '[profile ci]',
            '[b] ; c',
            '[x',
            '  [y]',
            '',
            '  ',
            '\t',
            '# é',
            ';[ci]',
            'junk',
          ],
          ...[
            `aws_access_key_id = ${OLD}`,
            `aws_access_key_id=${OLD} # x`,
            '  aws_access_key_id = x',
            'aws_access_key_id=',
          ],
          ...[
            'aws_secret_access_key = old/+=',
            '\taws_secret_access_key=a b',
            's3 =',
            '  s3 =',
            '  c = d',
            ' a = b',
            'role_arn = x',
            'region=x',
          ],
        ),
        fc.constantFrom('\n', '\n', '\r\n', '\r'),
      ),
      { maxLength: 12 },
    ),
    fc.boolean(),
  )
  .map(([mark, lines, ends]) => {
    const text = mark + lines.map((line) => line.join('')).join('');
    return ends ? text : text.replace(/[\r\n]+$/, '');
  });

describe('whatever the text is', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyrotate-text-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What AWS's SDK makes of it. */
  async function read(text: string): Promise<Record<string, Record<string, string | undefined>>> {
    const filepath = join(folder, 'credentials');
    writeFileSync(filepath, Buffer.from(text, 'latin1'));
    const config = join(folder, 'none');
    const { credentialsFile } = await loadSharedConfigFiles({
      filepath,
      configFilepath: config,
      ignoreCache: true,
    });
    return credentialsFile;
  }

  const outcome = (text: string, anyway: boolean) => {
    try {
      return withKey(bytes(text), 'ci', KEY, anyway);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  };

  it('it is refused, or the profile has the new key for AWS’s own reader, and all other profiles are as before', async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const after = outcome(text, true);
        if (after === undefined) return;
        written += 1;
        const { ci, ...others } = await read(after);
        expect(ci).toMatchObject({ aws_access_key_id: KEY.id, aws_secret_access_key: SECRET });
        const { ci: _, ...before } = await read(bytes(text));
        expect(others).toEqual(before);
        expect(outcome(Buffer.from(after, 'latin1').toString(), true)).toBe(after);
      }),
      { numRuns: 1000 },
    );
    expect(written).toBeGreaterThan(100);
  });

  it('the file differs in two values of the key, or in lines that were put in', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, anyway) => {
        const before = bytes(text);
        const after = outcome(text, anyway);
        if (after === undefined) return;
        const [was, is] = [before, after].map((one) => one.split(/(?<=\n)/));
        const changed = was?.flatMap((line, nth) => (line === is?.[nth] ? [] : [line])) ?? [];
        if (was?.length !== is?.length) expect(isPutInto(before, after)).toBe(true);
        else for (const line of changed) expect(line).toMatch(/^\s*aws_(secret_)?access_key/);
      }),
      { numRuns: 3000 },
    );
  });
});

function isPutInto(before: string, after: string): boolean {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  return after.endsWith(before.slice(same));
}
