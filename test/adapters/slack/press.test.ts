// What a button carries is read back strictly: anybody may send anything.
import { describe, expect, it } from 'vitest';
import {
  assignId,
  MENU_ID,
  PRESS_PATTERN,
  type Pressed,
  parsePress,
  parseTarget,
  pressId,
  readPressed,
  rowId,
  secretsId,
  showId,
  targetValue,
} from '../../../src/adapters/slack/blocks/press.ts';
import { MATTER_KINDS } from '../../../src/domain/message.ts';
import { isFormMove } from '../../../src/domain/moves/rows.ts';
import { ownerMark } from '../../../src/domain/owner.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { LONGEST } from './hostile.ts';

describe('a press', () => {
  it.each(MOVE_NAMES)('%s reads back as it was written', (move) => {
    for (const insist of [true, false]) {
      expect(pressId(move, insist)).toMatch(PRESS_PATTERN);
      expect(parsePress(pressId(move, insist))).toEqual({ move, insist });
    }
  });

  it('bears what its form is to say first, where there is a form', () => {
    for (const move of MOVE_NAMES) {
      const told = { move, insist: false, isTold: true };
      expect(parsePress(`told:${move}`)).toEqual(isFormMove(move) ? told : undefined);
    }
  });

  it.each([
    'move:',
    'move:destroy',
    'insist',
    'insist:constructor',
    'xmove:delete',
    'move:delete\n',
    'move:delete:x',
  ])('%j is none of ours', (actionId) => expect(parsePress(actionId)).toBeUndefined());
});

describe('a row', () => {
  const mark = ownerMark({ kind: 'nobody', why: 'left', named: [LONGEST] });
  const target = { account: '111122223333', userName: 'ci' };
  const read = (action_id: string) => readPressed({ action_id, value: targetValue(target) });

  it.each(MATTER_KINDS)('of %s reads back as it was written, whoever is named', (matter) => {
    for (const kind of ['nudge', 'handOver'] as const)
      expect(read(rowId(kind, { matter, mark }))).toEqual({ asked: { kind, matter, mark }, target });
  });

  it.each([
    'nudge',
    'nudge:silence',
    'nudge:constructor:abc',
    'handOver:silence:',
    'handOver:silence:A',
    'nudge:silence:a:b',
  ])('%j is none of ours', (actionId) => expect(read(actionId)).toBeUndefined());
});

describe('a press on secrets', () => {
  const target = { account: '111122223333', userName: 'ci' };
  const read = (action_id: string) => readPressed({ action_id, value: targetValue(target) });

  it('reads back as it was written', () =>
    expect(read(secretsId(312))).toEqual({ asked: { kind: 'deleteSecrets', count: 312 }, target }));

  it.each([
    'deleteSecrets',
    'deleteSecrets:',
    'deleteSecrets:-1',
    'deleteSecrets:1e9',
    'deleteSecrets:1234567',
  ])('%j is none of ours', (actionId) => expect(read(actionId)).toBeUndefined());
});

describe('a target', () => {
  it('reads back as it was written', () => {
    const user = { account: '111122223333', userName: LONGEST };
    expect(parseTarget(targetValue(user))).toEqual(user);
  });

  it.each([
    '',
    '111122223333',
    '111122223333/',
    '11112222333/ci',
    '1111222233334/ci',
    '111122223333/ci deploy',
    '111122223333/ci/deploy',
    `111122223333/${'x'.repeat(65)}`,
    '111122223333/ci\n',
    '１１１１２２２２３３３３/ci',
  ])('%j is none of ours', (value) => expect(parseTarget(value)).toBeUndefined());
});

describe('what was pressed', () => {
  const target = { account: '111122223333', userName: 'ci' };
  const value = targetValue(target);
  const read = (pressed: Pressed) => readPressed(pressed);

  it('is a button with its target, or the entry of a menu with the target of its block', () => {
    const asked = { kind: 'move', move: 'postpone', insist: false };
    const entry = { selected_option: { value: pressId('postpone', false) } };
    expect(read({ action_id: pressId('postpone', false), block_id: 'x', value })).toEqual({ asked, target });
    expect(read({ action_id: MENU_ID, block_id: value, ...entry })).toEqual({ asked, target });
  });

  it('may ask for a card, by a button or by an option chosen from a list', () => {
    const shown = { asked: { kind: 'show' }, target };
    expect(read({ action_id: showId(), value })).toEqual(shown);
    expect(read({ action_id: showId(), block_id: 'x', selected_option: { value } })).toEqual(shown);
  });

  it.each([
    { kind: 'person' as const, slackId: 'U0ANA' },
    { kind: 'channel' as const, channelId: 'C0TEAM' },
  ])('may name an owner: $kind', (to) =>
    expect(read({ action_id: assignId(to), value })).toEqual({ asked: { kind: 'assign', to }, target }),
  );

  it.each<Pressed>([
    { action_id: MENU_ID, block_id: value, value: 'why' },
    { action_id: MENU_ID, block_id: value },
    { action_id: MENU_ID, value: pressId('postpone', false) },
    { action_id: MENU_ID, block_id: 'x', selected_option: { value: pressId('delete', false) } },
    { action_id: showId() },
    { action_id: `${showId()}:x`, value },
    { action_id: 'assign:', value },
    { action_id: 'assign:C0TEAM', value },
    { action_id: 'assign:U0ANA\n', value },
    { action_id: 'assign:<@U0ANA>', value },
    { action_id: 'assignChannel:U0ANA', value },
    { action_id: 'assignChannel:C0TEAM' },
  ])('is none of ours: %j', (pressed) => expect(read(pressed)).toBeUndefined());
});
