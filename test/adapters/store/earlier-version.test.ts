// From the version before and back to it: what it wrote about messages is read, and it can read what is written now.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { forEarlierVersion } from '../../../src/adapters/store/earlier-version.ts';
import type { Item } from '../../../src/adapters/store/item.ts';
import { readUser } from '../../../src/adapters/store/live-users.ts';
import { userSchema } from '../../../src/adapters/store/user-schema.ts';
import { hasNews } from '../../../src/domain/agenda.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { matters, mattersToTell } from '../../../src/domain/matters.ts';
import { isUnfiled } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { corrections } from '../../../src/domain/wanted.ts';
import {
  adminsTold,
  CARD,
  MORE_TIME,
  NOW,
  POLICY,
  rotationAt,
  SEEN,
  userAt,
  withNews,
} from '../../domain/given.ts';
import { anyUser } from './any-user.ts';

/** As the version before wrote them, one at each stage, and one with everything. */
const WRITTEN: Item[] = readFileSync(new URL('schema-1.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const written = (userName: string, changes: Item = {}): Item => ({
  ...WRITTEN.find((item) => item.userName === userName),
  ...changes,
});

/** As this version writes it. */
const asItem = (user: IamUser): Item => ({
  ...z.encode(userSchema, user),
  ...forEarlierVersion(user, POLICY, NOW),
  schema: 1,
});

const cardFields = { channel: z.string(), ts: z.string() };

const news = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.enum(['timeAsked', 'ownerChanged', 'ownerLeft', 'unanswered', 'nothingWorks']) }),
  z.looseObject({ kind: z.literal('notMine'), slackId: z.string(), why: z.string() }),
  z.looseObject({ kind: z.literal('bothNeeded'), slackId: z.string() }),
]);

/** What the version before asked of an item beyond the fields that both versions have, as it was then. */
const EARLIER = z.looseObject({
  version: z.int().positive(),
  keysSeenAt: z.iso.datetime(),
  knownKeyIds: z.array(z.string()),
  unconfirmed: z.array(z.looseObject({ sighting: z.string(), firstSeenAt: z.iso.datetime() })),
  stranded: z.array(z.string()),
  card: z.looseObject(cardFields).optional(),
  formerCard: z.looseObject(cardFields).optional(),
  adminCard: z.looseObject(cardFields).optional(),
  notice: z.looseObject({ ...cardFields, news }).optional(),
  owed: z.array(z.enum(['redraw', 'remove', 'notify', 'answer', 'announce', 'file'])),
  news: z.array(news),
});

const card = { channel: 'D0ANA', ts: '2' };
const formerCard = { channel: 'D0ANA', ts: '1' };
const adminCard = { channel: 'D0SAM', ts: '3' };
const notice = (kind: string) => ({ channel: 'C0ADMIN', ts: '4', news: { kind } });

describe('what the version before wrote', () => {
  it('has its messages in the order in which they count, and nobody knows what they show', () => {
    const user = readUser(written('full', { notice: notice('timeAsked') }));
    expect(user.messages).toEqual([
      { channel: 'D', ts: '1', reader: { as: 'owner', id: 'former' }, drawing: '' },
      { ...CARD, drawing: '' },
      { channel: 'D', ts: '2', reader: { as: 'admin', id: 'D' }, drawing: '' },
      expect.objectContaining({ ts: '4', reader: { as: 'admins', matter: 'timeAsked', level: 1, at: NOW } }),
    ]);
    for (const field of ['card', 'formerCard', 'adminCard', 'notice', 'owed', 'news'])
      expect(user).not.toHaveProperty(field);
  });

  it('is drawn anew, but for the former card, which is still to be removed', () => {
    const user = readUser(written('at-due', { card, formerCard, adminCard }));
    expect(corrections(user, POLICY, NOW)).toMatchObject([
      { kind: 'remove', message: formerCard },
      { kind: 'redraw', message: card, isLast: false },
      { kind: 'redraw', message: adminCard, isLast: false },
    ]);
  });

  it('leaves the owner to be told of what they were not told of, and of nothing else', () => {
    const rotation = { ...rotationAt('due'), history: [SEEN] };
    const { rotation: stored } = z.encode(userSchema, userAt('due', { rotation }));
    expect(hasNews(readUser(written('at-due', { rotation: stored, owed: ['notify'] })))).toBe(true);
    expect(hasNews(readUser(written('at-due', { rotation: stored, owed: ['redraw'] })))).toBe(false);
  });

  it('leaves a closed rotation to be filed, unless it was', () => {
    expect(isUnfiled(readUser(written('at-deleted', { owed: ['file'] })).rotation)).toBe(true);
    expect(isUnfiled(readUser(written('at-deleted')).rotation)).toBe(false);
  });

  it('has told admins of a silence: they hear again when it has climbed', () => {
    const late = NOW + 14 * DAY;
    const told = { keysSeenAt: new Date(late).toISOString(), notice: notice('unanswered') };
    const user = readUser(written('at-due', told));
    expect(matters(user, POLICY, late)).toEqual([{ kind: 'silence', level: 1 }]);
    expect(mattersToTell(user, POLICY, late)).toEqual([]);
    expect(mattersToTell(user, POLICY, late + 7 * DAY)).toEqual([{ kind: 'silence', level: 2 }]);
  });

  it.each(['timeAsked', 'notMine', 'bothNeeded', 'ownerChanged', 'ownerLeft', 'nothingWorks'])(
    'has the message about a matter: %s',
    (matter) => {
      const user = readUser(written('at-due', { notice: notice(matter) }));
      expect(user.messages).toMatchObject([{ ts: '4', reader: { as: 'admins', matter } }]);
    },
  );

  it('that cannot be read is refused as before', () => {
    expect(() => readUser(written('at-due', { card: 'none', owed: undefined }))).toThrow('cannot be read');
  });
});

describe('what is written now', () => {
  it('can be read by the version before, in any state', () => {
    fc.assert(
      fc.property(anyUser, (user) => {
        expect(EARLIER.safeParse(asItem({ ...user, version: 1 })).error).toBeUndefined();
      }),
    );
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyUser, (user) => {
        expect(readUser(asItem({ ...user, version: 1 }))).toEqual({ ...user, version: 1 });
      }),
    );
  });

  it('names the cards, and owes what the version before would do about them', () => {
    const later = { ...CARD, ts: '2' };
    const admin = { ...adminCard, reader: { as: 'admin', id: 'U0SAM' } as const, drawing: '' };
    expect(asItem(withNews('due', { messages: [CARD, admin, later] }))).toMatchObject({
      card: { channel: CARD.channel, ts: '2' },
      formerCard: { channel: CARD.channel, ts: CARD.ts },
      adminCard,
      owed: ['redraw', 'remove', 'notify'],
    });
    expect(asItem(userAt('deleted', { messages: [] })).owed).toEqual(['file']);
  });

  it('has the version before tell admins again of what is open: it knows nothing of the messages about it', () => {
    const rotation = { ...rotationAt('due'), request: MORE_TIME, bothNeeded: { at: NOW, by: MORE_TIME.by } };
    const user = adminsTold(userAt('due', { rotation, messages: [] }));
    expect(asItem(user)).toMatchObject({
      owed: ['announce'],
      news: [{ kind: 'timeAsked' }, { kind: 'bothNeeded', slackId: 'U0ANA' }],
    });
  });
});

describe('after a roll-back', () => {
  const ours = asItem(withNews('due', { messages: [{ ...CARD, drawing: 'a.b' }] }));

  it('what the version before wrote since counts', () => {
    const theirs = { ...ours, version: 4, card, formerCard, owed: [] };
    const user = readUser(theirs);
    expect(user.messages.map(({ ts, drawing }) => [ts, drawing])).toEqual([
      ['1', ''],
      ['2', ''],
    ]);
    expect(hasNews(user)).toBe(false);
  });

  it('what it never wrote is as it was', () => {
    expect(readUser(ours).messages).toEqual([{ ...CARD, drawing: 'a.b' }]);
    expect(hasNews(readUser(ours))).toBe(true);
  });
});
