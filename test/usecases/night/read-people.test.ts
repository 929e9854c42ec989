// The members of the workspace, page by page: who is written down, who is looked at again, and when it is enough.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/domain/owner.ts';
import { HOUR } from '../../../src/domain/time.ts';
import { readPeople } from '../../../src/usecases/night/read-people.ts';
import { NOW, userAt } from '../../domain/given.ts';
import { ANA, ANAS, BEN, refusedBySlack, worldForEach } from '../usecase-world.ts';

const world = worldForEach();
const ana: Person = { slackId: ANA, name: 'ana', timeZone: 'Europe/Madrid', email: 'ana@example.com' };
const ben: Person = { slackId: BEN, name: 'ben', timeZone: 'UTC' };

let pages: Record<string, { people: Person[]; next?: string }>;
let asked: (string | undefined)[];
const read = (cursor?: string) =>
  readPeople(
    { kind: 'readPeople', id: 'sweep@noon/people', ...(cursor !== undefined && { cursor }) },
    {
      ...world.ports,
      directory: {
        ...world.ports.directory,
        members: async (from) => {
          asked.push(from);
          const page = pages[from ?? 'first'];
          if (!page) throw refusedBySlack();
          return page;
        },
      },
    },
  );

beforeEach(() => {
  asked = [];
  pages = { first: { people: [ana], next: 'second' }, second: { people: [ben] } };
});

describe('the members of the workspace', () => {
  it('are read one page a job, and the last page says when all were read', async () => {
    await read();
    expect(world.put).toEqual([{ kind: 'readPeople', id: 'people/second', cursor: 'second' }]);
    expect(await world.ports.people.readAt()).toBeUndefined();
    await read('second');
    expect(await world.ports.people.personByEmail('ana@example.com')).toEqual(ana);
    expect(await world.ports.people.person(BEN)).toEqual(ben);
    expect(await world.ports.people.readAt()).toBe(NOW);
    expect(world.put).toHaveLength(1);
  });

  it('are not read twice in half a day, however often somebody has the accounts swept', async () => {
    await world.ports.people.saveReadAt(NOW);
    world.goTo(NOW + 11 * HOUR);
    await read();
    expect(asked).toEqual([]);
    world.goTo(NOW + 12 * HOUR);
    await read();
    expect(asked).toEqual([undefined]);
  });

  it('whose entry has changed have all looked at that they own, and nobody else has', async () => {
    await world.save(userAt('due', { userName: 'ci', owner: ANAS }));
    await world.save(userAt('due', { userName: 'bens', owner: { ...ANAS, slackId: BEN } }));
    pages = { first: { people: [ana, ben] } };
    await read();
    expect(world.put).toEqual([]);
    world.goTo(NOW + 24 * HOUR);
    pages = { first: { people: [{ ...ana, barred: 'deactivated' }, ben] } };
    await read();
    expect(world.put).toMatchObject([{ kind: 'inspect', userName: 'ci' }]);
  });

  it('are left as they were when Slack refuses to list them', async () => {
    await world.ports.people.note(ana, NOW);
    await read('expired');
    expect(world.put).toEqual([]);
    expect(await world.ports.people.person(ANA)).toEqual(ana);
    expect(await world.ports.people.readAt()).toBeUndefined();
  });
});
