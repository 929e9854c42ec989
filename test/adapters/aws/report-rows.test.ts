// Reading a credential report: by column, row by row, and never quoting what cannot be read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReport } from '../../../src/adapters/aws/report-rows.ts';
import type { ReportRow } from '../../../src/usecases/ports.ts';

const ACCOUNT = '111122223333';
const DATE = '2026-03-01T10:00:00+00:00';
const AT = Date.parse(DATE);

type Row = Record<string, string>;

function row(user: string, more: Row = {}): Row {
  return {
    user,
    arn: `arn:aws:iam::${ACCOUNT}:user/${user}`,
    user_creation_time: '2025-01-01T00:00:00+00:00',
    password_last_used: 'no_information',
    access_key_1_active: 'FALSE',
    access_key_1_last_rotated: 'N/A',
    access_key_1_last_used_date: 'N/A',
    access_key_2_active: 'FALSE',
    access_key_2_last_rotated: 'N/A',
    access_key_2_last_used_date: 'N/A',
    ...more,
  };
}

const COLUMNS = Object.keys(row(''));

function csv(rows: Row[], columns = COLUMNS, head = columns): string {
  const cell = (value = '') => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [head, ...rows.map((one) => columns.map((column) => one[column]))]
    .map((cells) => cells.map(cell).join(','))
    .join('\n');
}

function only(more: Row) {
  return readReport(csv([row('ci', more)]));
}

describe('a slot', () => {
  test.each<[string, Row, ReportRow['keys']]>([
    ['without a key', {}, []],
    [
      'with an active key',
      { access_key_1_active: 'TRUE', access_key_1_last_rotated: DATE },
      [{ active: true, lastRotated: AT }],
    ],
    ['with an inactive key', { access_key_2_last_rotated: DATE }, [{ active: false, lastRotated: AT }]],
    [
      'that is active without a date counts from the day of its user, so that it is looked at',
      { access_key_1_active: 'true', access_key_1_last_rotated: 'no_information' },
      [{ active: true, lastRotated: Date.UTC(2025, 0, 1) }],
    ],
    [
      'where keys are not supported',
      { access_key_1_active: 'not_supported', access_key_1_last_rotated: 'not_supported' },
      [],
    ],
  ])('%s', (_, more, keys) => {
    expect(only(more)).toMatchObject({ rows: [{ userName: 'ci', account: ACCOUNT, keys }], unreadable: [] });
  });
});

describe('the last use of a key', () => {
  const key = { access_key_2_active: 'TRUE', access_key_2_last_rotated: DATE };
  const keyOf = (more: Row) => only({ ...key, ...more })?.rows[0]?.keys[0];

  test('is read where there is a date', () => {
    const used = '2026-03-09T08:07:00+00:00';
    expect(keyOf({ access_key_2_last_used_date: used })).toEqual({
      active: true,
      lastRotated: AT,
      lastUsed: Date.parse(used),
    });
  });

  test.each(['N/A', 'no_information', 'not_supported', '', 'lately'])(
    'is not known where it is “%s”',
    (word) => {
      expect(keyOf({ access_key_2_last_used_date: word })).toEqual({ active: true, lastRotated: AT });
    },
  );

  test('is not known in a report without its column, which is read all the same', () => {
    const columns = COLUMNS.filter((column) => !column.includes('last_used_date'));
    expect(readReport(csv([row('ci', key)], columns))?.rows[0]?.keys).toEqual([
      { active: true, lastRotated: AT },
    ]);
  });
});

describe('a user', () => {
  test('with a comma, under a path, in another partition', () => {
    const arn = `arn:aws-us-gov:iam::${ACCOUNT}:user/a/b,c/smith,john`;
    expect(readReport(csv([row('smith,john', { arn })]))?.rows).toMatchObject([
      { userName: 'smith,john', account: ACCOUNT },
    ]);
  });

  const root = (more: Row) => row('<root_account>', { arn: `arn:aws:iam::${ACCOUNT}:root`, ...more });

  test('is not the account’s root, whose keys are told apart', () => {
    const made = '2016-01-01T00:00:00Z';
    const report = readReport(
      csv([root({ access_key_1_active: 'true', access_key_1_last_rotated: made }), row('ci')]),
    );
    expect(report).toMatchObject({
      rows: [{ userName: 'ci' }],
      rootKeys: [{ active: true, lastRotated: Date.parse(made) }],
      unreadable: [],
    });
  });

  test('is not the account’s root, of whose keys nothing can be told: that is no "none"', () => {
    expect(readReport(csv([root({ access_key_1_active: 'odd' }), row('ci')]))).toMatchObject({
      rows: [{ userName: 'ci' }],
      rootKeys: [],
      unreadable: [{ line: 2 }],
    });
  });
});

describe('a row that cannot be read', () => {
  test.each<[string, Row]>([
    ['arn is not that of an IAM user', { arn: 'CONTENT' }],
    ['arn is that of another user', { arn: `arn:aws:iam::${ACCOUNT}:user/CONTENT` }],
    ['access_key_1_active is neither TRUE nor FALSE', { access_key_1_active: 'CONTENT' }],
    ['access_key_2_active is neither TRUE nor FALSE', { access_key_2_active: 'no_information' }],
    ['access_key_2_last_rotated is no date', { access_key_2_last_rotated: '2026-02-30T10:00:00+00:00' }],
    ['access_key_1_last_rotated is no date', { access_key_1_last_rotated: '' }],
    ['access_key_1 is active and has no date', { access_key_1_active: 'TRUE', user_creation_time: 'N/A' }],
  ])('is named by its line, with the reason alone: %s', (why, more) => {
    expect(readReport(csv([row('first'), row('ci', more)]))).toMatchObject({
      rows: [{ userName: 'first' }],
      unreadable: [{ line: 3, why }],
    });
  });

  test.each([
    ['it has 2 columns and not 10', 'half,a row'],
    ['its quotes do not match', '"never closed,a,b,c,d,e,f,g,h,i'],
  ])('%s', (why, line) => {
    const [head, first] = csv([row('first')]).split('\n');
    expect(readReport([head, line, first, ''].join('\r\n'))).toMatchObject({
      rows: [{ userName: 'first' }],
      unreadable: [{ line: 2, why }],
    });
  });
});

test.each(['', 'user,arn', csv([row('ci')], COLUMNS.slice(1))])(
  'a report without its columns is none',
  (text) => {
    expect(readReport(text)).toBeUndefined();
  },
);

const users = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9+=,.@_-]{1,64}$/), { maxLength: 8 });
const slot = fc.constantFrom<[string, string]>(['TRUE', DATE], ['FALSE', DATE], ['FALSE', 'N/A']);
const rows = users.chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc.tuple(slot, slot).map(([[active1, date1], [active2, date2]]) =>
        row(name, {
          access_key_1_active: active1,
          access_key_1_last_rotated: date1,
          access_key_2_active: active2,
          access_key_2_last_rotated: date2,
        }),
      ),
    ),
  ),
);

describe('whatever the report', () => {
  test('the order, the letter case and the spacing of its columns do not matter', () => {
    const columns = fc.shuffledSubarray([...COLUMNS, 'mfa_active'], { minLength: COLUMNS.length + 1 });
    const dress = fc.constantFrom(
      (name: string) => name.toUpperCase(),
      (name: string) => ` ${name} `,
      (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    );
    fc.assert(
      fc.property(rows, columns, dress, fc.boolean(), (all, shuffled, dressed, bom) => {
        const text = csv(all, shuffled, shuffled.map(dressed));
        expect(readReport(`${bom ? '\uFEFF' : ''}${text}`)).toEqual(readReport(csv(all)));
        expect(readReport(text)?.rows).toHaveLength(all.length);
      }),
    );
  });

  test('one bad row never hides the others', () => {
    const noise = fc.oneof(fc.string(), fc.constantFrom('"', '"a', 'a"b', ',,,,,,,', '"""'));
    fc.assert(
      fc.property(rows, noise, fc.nat(), (all, bad, at) => {
        const line = bad.replace(/[\r\n]/g, '');
        const lines = csv(all).split('\n');
        lines.splice(1 + (at % lines.length), 0, line);
        const report = readReport(lines.join('\n'));
        expect(report?.rows).toEqual(readReport(csv(all))?.rows);
        expect(report?.unreadable).toHaveLength(line.trim() === '' ? 0 : 1);
      }),
    );
  });
});
