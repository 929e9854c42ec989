// Every card fits Slack, gives no key away and pings nobody, whatever the names and wherever it stands.
import { describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { parsePress, parseTarget } from '../../../src/adapters/slack/blocks/press.ts';
import type { AccessKey, LastUse } from '../../../src/domain/access-key.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { movesOffered } from '../../../src/domain/legality.ts';
import { replacementOf } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { type MoveName, STAGES, type Stage } from '../../../src/domain/transitions.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/slack/blocks.ts';
import { pressables } from '../../sandbox/slack/buttons.ts';
import {
  ANA,
  KEYS,
  NEW,
  NOW,
  newKey,
  OLD,
  OTHER,
  oldKey,
  POLICY,
  userAt,
  viewOf,
  wordsOf,
} from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';

const hostileUse: LastUse = { seen: 'used', at: NOW, service: HOSTILE, region: HOSTILE };
const DOUBTS: Doubt[] = [
  { kind: 'oldKeyInUse', at: NOW, service: HOSTILE, region: HOSTILE },
  { kind: 'oldKeyUseUnknown' },
  { kind: 'newKeyNeverUsed' },
  { kind: 'newKeyUseUnknown' },
  { kind: 'newKeyInUse', at: NOW, service: HOSTILE, region: HOSTILE },
];

/** Each stage as it usually is, with a question, full, empty, and later. */
function variants(stage: Stage): [string, IamUser][] {
  const user = userAt(stage);
  const moves = movesOffered(user, POLICY, NOW);
  const asking = (move: MoveName) => userAt(stage, { question: { move, doubts: DOUBTS, askedAt: NOW } });
  const busy: AccessKey[] = KEYS[stage].map((key) => ({ ...key, lastUse: hostileUse }));
  const full = [oldKey(), newKey(), newKey({ id: OTHER })].filter(({ id }) => id !== NEW || stage !== 'due');
  return [
    [`${stage}`, user],
    ...moves.map((move): [string, IamUser] => [`${stage}, asking about ${move}`, asking(move)]),
    [`${stage}, busy`, userAt(stage, { keys: busy })],
    [
      `${stage}, full`,
      userAt(stage, { keys: full, stranded: [OTHER, 'AKIAIOSFODNN7EXA0000'], changedAt: NOW }),
    ],
    [`${stage}, empty`, userAt(stage, { keys: [] })],
    [`${stage}, nobody's`, userAt(stage, { owner: { kind: 'nobody', why: 'none', named: [] } })],
  ];
}

const VARIANTS = STAGES.flatMap(variants);
const fullIds = [OLD, NEW, OTHER];

/** What a button carries is shown to nobody. */
const shown = (name: string, value: unknown) => (name === 'value' ? undefined : value);

describe('every card', () => {
  it.each(VARIANTS)('fits Slack: %s', (_, user) => {
    for (const now of [NOW, NOW + 400 * DAY]) {
      const { text, blocks } = buildCard(viewOf(user, { now }));
      expect(validateBlocks(blocks, 'message')).toEqual([]);
      expect(blocksTooLong(blocks)).toBe(false);
      expect(text.length).toBeLessThan(300);
      expect(text).toMatch(/[.]$/);
    }
  });

  it.each(VARIANTS)('gives no key away: %s', (_, user) => {
    const card = buildCard(viewOf(user));
    for (const id of fullIds) expect(JSON.stringify(card)).not.toContain(id);
    expect(wordsOf(card)).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(VARIANTS)('withstands hostile names: %s', (_, user) => {
    const view = viewOf(
      { ...user, userName: HOSTILE },
      { accountName: HOSTILE, vaultPath: HOSTILE.slice(0, 500), helpChannel: 'C456' },
    );
    const { text, blocks } = buildCard(view);
    expect(validateBlocks(blocks, 'message').filter((fault) => !fault.includes('/value'))).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(JSON.stringify([text, blocks], shown)).not.toMatch(PINGS);
  });

  it.each(VARIANTS)('offers exactly what may be done: %s', (_, user) => {
    const { blocks } = buildCard(viewOf({ ...user, userName: LONGEST }));
    const presses = pressables({ blocks }).map(({ element }) => parsePress(element.action_id ?? ''));
    const moves = movesOffered(user, POLICY, NOW);
    expect(new Set(presses.map((press) => press?.move))).toEqual(new Set(moves));
    const asked = moves.find((move) => move === user.question?.move);
    expect(presses.filter((press) => press?.insist).map((press) => press?.move)).toEqual(
      asked ? [asked] : [],
    );
    for (const { element } of pressables({ blocks })) {
      const value = element.type === 'button' ? element.value : undefined;
      expect(parseTarget(value ?? '')).toEqual({ account: user.account, userName: LONGEST });
    }
  });

  it('mentions nobody by id: the card goes to its owner anyway', () => {
    for (const [, user] of VARIANTS) expect(JSON.stringify(buildCard(viewOf(user)))).not.toContain(ANA.id);
  });

  it('tells keys apart by their endings', () => {
    for (const [, user] of VARIANTS) {
      const words = wordsOf(buildCard(viewOf(user)));
      const fresh = user.rotation && replacementOf(user.rotation);
      expect(words).toContain('4NOP');
      if (fresh && user.question?.move !== 'delete') expect(words).toMatch(/QJLD|AWS/);
    }
  });
});
