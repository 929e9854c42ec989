// The members of the workspace in the table: found by id and address, written only when they change, readable by a sweep.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/domain/owner.ts';
import { DAY } from '../../../src/domain/time.ts';
import { NOW } from '../../domain/given.ts';
import { all, startTable, type Table } from './table-under-test.ts';

const ANA: Person = { slackId: 'U0ANA', name: 'ana', timeZone: 'Europe/Madrid', email: 'ana@example.com' };

let table: Table;
let writes: string[];
beforeEach(async () => {
  table = await startTable();
  writes = [];
  table.wire.interfere(({ action }) => {
    if (action === 'PutItem') writes.push(action);
    return undefined;
  });
});

describe('a member of the workspace', () => {
  it('is found by id and by mail address once written down', async () => {
    expect(await table.people.person('U0ANA')).toBeUndefined();
    await table.people.note(ANA, NOW);
    expect(await table.people.person('U0ANA')).toEqual(ANA);
    expect(await table.people.personByEmail('ana@example.com')).toEqual(ANA);
  });

  it('is written once and not again for a week, unless something has changed', async () => {
    expect(await table.people.note(ANA, NOW)).toBe('same');
    expect(await table.people.note(ANA, NOW + 7 * DAY - 1)).toBe('same');
    expect(writes).toHaveLength(2);
    expect(await table.people.note({ ...ANA, timeZone: 'UTC' }, NOW + DAY)).toBe('changed');
    expect(writes).toHaveLength(4);
    expect(await table.people.note({ ...ANA, timeZone: 'UTC' }, NOW + 8 * DAY)).toBe('same');
    expect(writes).toHaveLength(6);
  });

  it('is forgotten a day after a week in which no list had them, and not written down for ever', async () => {
    let now = NOW;
    const later = await startTable({ now: () => now });
    await later.people.note(ANA, NOW);
    now = NOW + 8 * DAY - 1;
    expect(await later.people.personByEmail('ana@example.com')).toEqual(ANA);
    expect(await all(later.peopleAs('sweeper'))).toEqual([ANA]);
    now = NOW + 8 * DAY;
    expect(await later.people.person('U0ANA')).toBeUndefined();
    expect(await all(later.peopleAs('sweeper'))).toEqual([]);
  });

  it('is as good as not there while its item cannot be read, and is written anew with the next list', async () => {
    await table.put({ pk: 'PERSON#U0ANA', sk: 'CURRENT', schema: 1, name: 7 });
    expect(await table.people.person('U0ANA')).toBeUndefined();
    await table.people.note(ANA, NOW);
    expect(await table.people.person('U0ANA')).toEqual(ANA);
  });

  it('is not found under an address that was given to somebody else', async () => {
    await table.people.note(ANA, NOW);
    await table.people.note({ ...ANA, email: 'ana.new@example.com' }, NOW + DAY);
    expect(await table.people.personByEmail('ana@example.com')).toBeUndefined();
    const ben: Person = { slackId: 'U0BEN', name: 'ben', timeZone: 'UTC', email: 'ana@example.com' };
    await table.people.note(ben, NOW + DAY);
    expect(await table.people.personByEmail('ana@example.com')).toEqual(ben);
  });

  it('is not written down who had left before they were ever seen', async () => {
    await table.people.note({ ...ANA, barred: 'deactivated' }, NOW);
    expect(await table.people.person('U0ANA')).toBeUndefined();
    await table.people.note(ANA, NOW);
    await table.people.note({ ...ANA, barred: 'deactivated' }, NOW);
    expect(await table.people.person('U0ANA')).toMatchObject({ barred: 'deactivated' });
  });

  it('is seen by the sweeper, which may read nothing else of the table than lists', async () => {
    await table.people.note(ANA, NOW);
    await table.people.saveReadAt(NOW);
    expect(await all(table.peopleAs('sweeper'))).toEqual([ANA]);
    expect(await table.people.readAt()).toBe(NOW);
  });
});
