// Every card fits Slack, gives no key away and pings nobody, whatever the names and wherever it stands.
import { describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { historyId, readPressed, TOOLS_ID } from '../../../src/adapters/slack/blocks/press.ts';
import { movesFor } from '../../../src/adapters/slack/wording/card/card-view.ts';
import type { AccessKey, LastUse } from '../../../src/domain/access-key.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { movesOffered } from '../../../src/domain/legality.ts';
import { MOVE_ROWS } from '../../../src/domain/moves/rows.ts';
import { situationOf } from '../../../src/domain/moves/situation.ts';
import { isOpen, type Role, replacementOf } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import { type MoveName, STAGES, type Stage } from '../../../src/domain/transitions.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { type Pressable, pressables } from '../../sandbox/servers/slack/pressables.ts';
import { hostileAt } from './any-message.ts';
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
  { kind: 'weekendAhead' },
  { kind: 'removesForGood', keyId: OTHER },
];
const ROLES: Role[] = ['owner', 'admin'];

/** Each stage as it usually is, with a question, full, empty, and later. */
function variants(stage: Stage): [string, IamUser][] {
  const user = userAt(stage);
  const doubtful = movesOffered(situationOf(user, POLICY, NOW)).filter(
    (move) => MOVE_ROWS[move].doubts.length > 0,
  );
  const asking = (move: MoveName) => userAt(stage, { question: { move, doubts: DOUBTS, askedAt: NOW } });
  const busy: AccessKey[] = KEYS[stage].map((key) => ({ ...key, lastUse: hostileUse }));
  const full = [oldKey(), newKey(), newKey({ id: OTHER })].filter(({ id }) => id !== NEW || stage !== 'due');
  return [
    [`${stage}`, user],
    ...doubtful.map((move): [string, IamUser] => [`${stage}, asking about ${move}`, asking(move)]),
    [`${stage}, busy`, userAt(stage, { keys: busy })],
    [
      `${stage}, full`,
      userAt(stage, { keys: full, stranded: [OTHER, 'AKIAIOSFODNN7EXA0000'], changedAt: NOW }),
    ],
    [`${stage}, empty`, userAt(stage, { keys: [] })],
    [`${stage}, nobody's`, userAt(stage, { owner: { kind: 'nobody', why: 'none', named: [] } })],
    [`${stage}, in doubt`, userAt(stage, { ownerChange: { to: user.owner, at: NOW } })],
    [`${stage}, all at once`, { ...hostileAt(stage, HOSTILE), userName: user.userName }],
  ];
}

const VARIANTS = STAGES.flatMap(variants);
const fullIds = [OLD, NEW, OTHER];

describe('every card', () => {
  it.each(VARIANTS)('fits Slack: %s', (_, user) => {
    for (const as of ROLES) {
      for (const now of [NOW, NOW + 400 * DAY]) {
        const view = viewOf(
          { ...user, userName: LONGEST },
          { now, as, isFirst: true, helpers: { channel: 'C456' } },
        );
        const { text, blocks } = buildCard(view);
        expect(validateBlocks(blocks, 'message')).toEqual([]);
        expect(blocksTooLong(blocks)).toBe(false);
        expect(text.length).toBeLessThan(330);
        expect(text).toMatch(/[.]$/);
      }
    }
  });

  it.each(VARIANTS)('gives no key away and pings nobody: %s', (_, user) => {
    const card = buildCard(viewOf(user));
    for (const id of fullIds) expect(JSON.stringify(card)).not.toContain(id);
    expect(JSON.stringify(card)).not.toMatch(PINGS);
    expect(wordsOf(card)).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(VARIANTS)('offers exactly what may be done: %s', (_, user) => {
    for (const as of ROLES) {
      const view = viewOf({ ...user, userName: LONGEST }, { as });
      const moves = movesFor(view);
      const asked = moves.find((move) => move === user.question?.move);
      const presses = pressables(buildCard(view)).filter(isMove).map(pressed);
      expect(new Set(presses.map(({ move }) => move))).toEqual(new Set(moves));
      expect(presses.filter(({ insist }) => insist).map(({ move }) => move)).toEqual(asked ? [asked] : []);
      for (const { target } of presses)
        expect(target).toEqual({ account: user.account, userName: LONGEST, drawing: view.drawing });
    }
  });

  it('offers only what the domain offers, and an admin the answer to a request', () => {
    for (const [, user] of VARIANTS) {
      if (user.owner.kind !== 'nobody')
        expect(movesFor(viewOf(user))).toEqual(movesOffered(situationOf(user, POLICY, NOW), 'owner'));
      const answers = movesFor(viewOf(user, { as: 'admin' })).filter(
        (move) => !movesOffered(situationOf(user, POLICY, NOW), 'admin').includes(move),
      );
      const isAsked = user.rotation?.stage === 'due' && user.rotation.request;
      expect(answers).toEqual(isAsked ? ['approve', 'decline'] : []);
    }
  });

  it('mentions nobody by id: the card goes to its owner anyway', () => {
    for (const [, user] of VARIANTS) expect(JSON.stringify(buildCard(viewOf(user)))).not.toContain(ANA.id);
  });

  it('tells keys apart by their endings', () => {
    for (const [, user] of VARIANTS) {
      const words = wordsOf(buildCard(viewOf(user)));
      const fresh = user.owner.kind !== 'nobody' && isOpen(user.rotation) && replacementOf(user.rotation);
      expect(words).toContain('4NOP');
      if (fresh) expect(words).toMatch(/QJLD|AWS/);
    }
  });
});

/** What Slack would say of a press. */
const isMove = ({ element, option }: Pressable) =>
  element.action_id !== TOOLS_ID && option?.value !== historyId();

function pressed({ element, block, option }: Pressable) {
  const { block_id } = block;
  const value = element.type === 'button' ? element.value : undefined;
  const selected_option = option?.value === undefined ? undefined : { value: option.value };
  const read = readPressed({ action_id: element.action_id ?? '', block_id, value, selected_option });
  if (read?.asked.kind !== 'move') throw new Error('it makes no move');
  return { ...read.asked, target: read.target };
}
