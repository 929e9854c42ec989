// What a button carries is read back strictly: anybody may send anything.
import { describe, expect, it } from 'vitest';
import {
  PRESS_PATTERN,
  parsePress,
  parseTarget,
  pressId,
  targetValue,
} from '../../../src/adapters/slack/blocks/press.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { LONGEST } from './hostile.ts';

describe('a press', () => {
  it.each(MOVE_NAMES)('%s reads back as it was written', (move) => {
    for (const insist of [true, false]) {
      expect(pressId(move, insist)).toMatch(PRESS_PATTERN);
      expect(parsePress(pressId(move, insist))).toEqual({ move, insist });
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
