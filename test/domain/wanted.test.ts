// Which messages are out of date, and what each drawing stands for.
import { describe, expect, it } from 'vitest';
import { handedOver } from '../../src/domain/hand-over.ts';
import type { Claim, IamUser } from '../../src/domain/iam-user.ts';
import { MATTER_KINDS, type MatterKind, type Reader, type SentMessage } from '../../src/domain/message.ts';
import type { Owner } from '../../src/domain/owner.ts';
import { graceEndsAt } from '../../src/domain/policy.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import type { MoveName, Stage } from '../../src/domain/transitions.ts';
import {
  cardOf,
  corrections,
  drawingFor,
  drawnAnew,
  isStillSo,
  withMessage,
} from '../../src/domain/wanted.ts';
import { SITUATIONS } from './every-situation.ts';
import {
  adminsTold,
  CARD,
  drawn,
  MORE_TIME,
  NEW,
  NOW,
  newKey,
  oldKey,
  POLICY,
  rotationAt,
  SEEN,
  UNKNOWN,
  userAt,
} from './given.ts';

const BEN: Owner = { kind: 'person', slackId: 'U0BEN', from: 'ownerTag' };
const NOBODY: Owner = { kind: 'nobody', why: 'none', named: [] };
const ADMIN_CARD: SentMessage = { ...CARD, channel: 'D0SAM', ts: '1', reader: { as: 'admin', id: 'U0SAM' } };
const asked = userAt('due', { rotation: { ...rotationAt('due'), request: MORE_TIME } });

const underWay = (move: MoveName, keyId?: string): Claim => ({
  ...{ jobId: 'j', move, actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' }, at: NOW },
  ...{ leaseUntil: NOW + HOUR, knownKeyIds: [], ...(keyId !== undefined && { keyId }) },
});
const bothNeeded = (slackId: string) => ({
  rotation: {
    ...rotationAt('due'),
    bothNeeded: { at: NOW, by: { kind: 'person', slackId, as: 'owner' } as const },
  },
});
const disowned = (why: string) => ({ disowned: { slackId: 'U0ANA', why, at: NOW } });
const requested = (until: number, at = NOW) => ({
  rotation: { ...rotationAt('due'), request: { ...MORE_TIME, until, at } },
});

const due = (user: IamUser, now = NOW) =>
  corrections(user, POLICY, now).map((one) => [
    one.kind === 'redraw' && one.isLast ? 'last redraw' : one.kind,
    one.message.ts,
  ]);

describe('the owner’s card', () => {
  const user = drawn(userAt('due'));

  it('is left alone while it shows what is so, and redrawn when it does not', () => {
    expect(due(user)).toEqual([]);
    expect(due({ ...user, keys: [oldKey({ lastUse: UNKNOWN })] })).toEqual([['redraw', CARD.ts]]);
    expect(due({ ...user, rotation: { ...rotationAt('due'), history: [SEEN] } })).toEqual([
      ['redraw', CARD.ts],
    ]);
  });

  it('is redrawn when nobody knows what it shows', () => {
    expect(due(drawnAnew(user, CARD.ts))).toEqual([['redraw', CARD.ts]]);
    expect(due(drawnAnew(user, 'another'))).toEqual([]);
  });

  it('shows by itself that the key can be deleted, when its grace period ends', () => {
    const off = drawn(userAt('retired', { rotation: rotationAt('retired', 3) }));
    const ends = graceEndsAt(rotationAt('retired', 3), POLICY);
    expect(due(off, ends - 1)).toEqual([]);
    expect(due(off, ends)).toEqual([['redraw', CARD.ts]]);
  });

  it('is removed when somebody else owns it, and redrawn a last time when nobody does', () => {
    expect(due(handedOver(user, BEN))).toEqual([['remove', CARD.ts]]);
    expect(due(handedOver(user, { kind: 'channel', channelId: 'C0TEAM' }))).toEqual([['remove', CARD.ts]]);
    expect(due(handedOver(user, NOBODY))).toEqual([['last redraw', CARD.ts]]);
  });

  it('is removed when another takes its place, which counts from then on', () => {
    const later = { ...CARD, ts: '2', drawing: drawingFor(CARD.reader, user, POLICY, NOW) };
    const both = withMessage(user, later);
    expect(due(both)).toEqual([['remove', CARD.ts]]);
    expect(cardOf(both)).toEqual(later);
  });

  it('is nobody’s to correct in preview', () => {
    expect(corrections(userAt('due'), { ...POLICY, mode: 'preview' }, NOW)).toEqual([]);
  });
});

describe('an admin’s card', () => {
  const user = drawn(withMessage(userAt('due'), ADMIN_CARD));

  it('is kept beside the owner’s, whoever owns the user', () => {
    expect(due({ ...user, owner: BEN })).toEqual([
      ['remove', CARD.ts],
      ['redraw', ADMIN_CARD.ts],
    ]);
    expect(due({ ...user, owner: NOBODY })).toEqual([
      ['last redraw', CARD.ts],
      ['redraw', ADMIN_CARD.ts],
    ]);
  });

  it('of each admin is one: a second one replaces the first of the same admin', () => {
    const another = withMessage(user, { ...ADMIN_CARD, ts: '2', reader: { as: 'admin', id: 'U0KIM' } });
    expect(due(drawn(another))).toEqual([]);
    expect(due(withMessage(drawn(another), { ...ADMIN_CARD, ts: '3' }))).toEqual([
      ['remove', ADMIN_CARD.ts],
      ['redraw', '3'],
    ]);
  });
});

describe('a message about a matter', () => {
  const told = adminsTold({ ...asked, messages: [] });
  const [first] = told.messages;

  it('is left alone while it is open, whatever else happens', () => {
    expect(due(told)).toEqual([]);
    expect(due({ ...told, keys: [oldKey({ lastUse: UNKNOWN })] })).toEqual([]);
  });

  it('is redrawn when there is something else to decide', () => {
    const request = { ...MORE_TIME, until: NOW + 20 * DAY };
    expect(due({ ...told, rotation: { ...rotationAt('due'), request } })).toEqual([['redraw', first?.ts]]);
  });

  it('is redrawn once when it is settled, and then forgotten', () => {
    const settled = { ...told, rotation: rotationAt('due') };
    expect(due(settled)).toEqual([['last redraw', first?.ts]]);
    expect(drawn(settled).messages).toEqual([]);
  });

  it('that has climbed replaces the one before, and no other matter’s', () => {
    const climbed = adminsTold({ ...told, ownerChange: { to: BEN, at: NOW } }, NOW + 7 * DAY);
    expect(climbed.messages).toHaveLength(3);
    expect(due(climbed, NOW + 7 * DAY)).toEqual([['remove', first?.ts]]);
  });

  it('that others share is corrected like one of its own', () => {
    const messages = told.messages.map(({ reader, ...message }) => ({
      ...message,
      reader: reader.as === 'admins' ? { ...reader, isList: true as const } : reader,
    }));
    expect(due({ ...told, messages })).toEqual([]);
    expect(due({ ...told, messages, rotation: rotationAt('due') })).toEqual([['last redraw', first?.ts]]);
  });
});

describe('a drawing', () => {
  const READERS: Reader[] = [
    CARD.reader,
    ADMIN_CARD.reader,
    ...MATTER_KINDS.map((matter) => ({ as: 'admins' as const, matter, level: 1, at: NOW })),
  ];

  it('does not depend on the order in which facts are stored', () => {
    for (const { user, policy, now } of SITUATIONS.filter((_, i) => i % 20 === 0))
      for (const reader of READERS)
        expect(drawingFor(reader, backwards(user), policy, now)).toBe(drawingFor(reader, user, policy, now));
  });

  const user = userAt('confirmed');
  const shown = drawingFor(CARD.reader, user, POLICY, NOW);
  const isSo = (changed: IamUser) => isStillSo(shown, CARD, changed, POLICY, NOW);
  const isSame = (changed: IamUser) => drawingFor(CARD.reader, changed, POLICY, NOW) === shown;
  const history = [SEEN];
  const keys = [oldKey(), newKey()];

  it.each<[string, Partial<IamUser>]>([
    ['a step', { rotation: { ...rotationAt('confirmed'), history } }],
    ['another rotation', { rotation: { ...rotationAt('confirmed'), oldKeyId: NEW } }],
    [
      'a question',
      { question: { move: 'deactivate', doubts: [{ kind: 'oldKeyUseUnknown' }], askedAt: NOW } },
    ],
    ['a key that was turned off', { keys: [oldKey({ status: 'Inactive' }), newKey()] }],
    ['a key that is gone', { keys: [oldKey()] }],
    ['a key that is stranded', { stranded: ['AKIASTRANDED0000LOST'] }],
    ['an owner in doubt', { ownerChange: { to: BEN, at: NOW } }],
    ['nobody who owns it', { owner: NOBODY }],
  ])('no longer lets anybody press after %s', (_, changes) => {
    expect(isSo({ ...user, ...changes })).toBe(false);
  });

  it.each<[string, Partial<IamUser>]>([
    ['a key was used', { keys: [oldKey({ lastUse: UNKNOWN }), newKey()] }],
    ['the secret was opened', { secretOpenedOn: NOW - HOUR }],
    ['it is exempt', { exempt: { kind: 'unclear', text: 'for ever' } }],
    ['the first deadline counts', { rotation: { ...rotationAt('confirmed'), contactedAt: NOW } }],
    ['a move is under way', { claim: underWay('deactivate') }],
  ])('is another, and still counts, when %s', (_, changes) => {
    expect(isSame({ ...user, ...changes })).toBe(false);
    expect(isSo({ ...user, ...changes })).toBe(true);
  });

  it.each<[string, Partial<IamUser>]>([
    ['looked at anew', { keysSeenAt: NOW + HOUR, keys }],
    ['told', { notifiedAt: NOW, toldEntries: 3, quietUntil: NOW + DAY }],
    ['written', { version: 99, changedAt: NOW }],
    ['sent to somebody', { messages: [] }],
  ])('is the same when it was only %s', (_, changes) => {
    expect(isSame({ ...user, keys, ...changes })).toBe(true);
  });

  it('is another while another move is under way, or the same about another key', () => {
    const drawings = [underWay('deactivate'), underWay('reopen'), underWay('deactivate', NEW)].map((claim) =>
      drawingFor(CARD.reader, { ...user, claim }, POLICY, NOW),
    );
    expect(new Set(drawings).size).toBe(3);
  });

  it.each<[MatterKind, Stage, Partial<IamUser>, Partial<IamUser>]>([
    ['silence', 'due', {}, { rotation: rotationAt('issued') }],
    ['silence', 'due', {}, { owner: BEN }],
    ['bothNeeded', 'due', bothNeeded('U0ANA'), bothNeeded('U0BEN')],
    ['notMine', 'due', disowned('moved on'), disowned('never was')],
    ['notMine', 'due', disowned('moved on'), { ...disowned('moved on'), owner: BEN }],
    ['ownerLeft', 'due', { owner: NOBODY }, { owner: BEN }],
    ['nothingWorks', 'deactivated', {}, { keys: [oldKey(), newKey()] }],
    ['timeAsked', 'due', requested(NOW + 20 * DAY), requested(NOW + 21 * DAY)],
  ])('of %s is another when what an admin decides by has changed', (matter, stage, before, after) => {
    const drawing = (changes: Partial<IamUser>) =>
      drawingFor({ as: 'admins', matter, level: 1, at: NOW }, userAt(stage, changes), POLICY, NOW);
    expect(drawing(after)).not.toBe(drawing(before));
    expect(drawing({ ...before, version: 99 })).toBe(drawing(before));
  });

  it('of a request says how much time was asked for, so that the same wish the day after is the same', () => {
    const drawing = (at: number) =>
      drawingFor(
        { as: 'admins', matter: 'timeAsked', level: 1, at: NOW },
        userAt('due', requested(at + 20 * DAY, at)),
        POLICY,
        NOW,
      );
    expect(drawing(NOW)).toBe(drawing(NOW + DAY));
  });

  it('lets admins press on a matter until there is something else to decide', () => {
    const told = adminsTold({ ...asked, messages: [] });
    const [message] = told.messages;
    if (!message) throw new Error('admins were told');
    const isSoNow = (changed: IamUser) => isStillSo(message.drawing, message, changed, POLICY, NOW);
    expect(isSoNow({ ...told, keys: [oldKey({ status: 'Inactive' })] })).toBe(true);
    const later = { ...rotationAt('due'), request: { ...MORE_TIME, until: NOW + 20 * DAY } };
    expect(isSoNow({ ...told, rotation: later })).toBe(false);
    expect(isSoNow({ ...told, rotation: rotationAt('due') })).toBe(false);
  });
});

/** The same facts, the last one first, at any depth. */
function backwards<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, it) =>
    typeof it !== 'object' || it === null || Array.isArray(it)
      ? it
      : Object.fromEntries(Object.entries(it).toReversed()),
  );
}
