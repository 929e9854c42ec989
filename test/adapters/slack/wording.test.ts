// Every move, refusal and doubt has words, and they fit where they are shown.
import { describe, expect, it } from 'vitest';
import { fetchCommand, shellQuoted } from '../../../src/adapters/slack/wording/card/card-issued.ts';
import { doubtWords, questionHeadline } from '../../../src/adapters/slack/wording/card/doubts.ts';
import { stepLine, stepWords } from '../../../src/adapters/slack/wording/card/steps.ts';
import { refusalWords } from '../../../src/adapters/slack/wording/commands/refusals.ts';
import type { Dialog, MoveFacts } from '../../../src/adapters/slack/wording/shared/moves.ts';
import { anywayWords, MOVE_WORDS, moveLabel } from '../../../src/adapters/slack/wording/shared/moves.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import { MOVE_ROWS } from '../../../src/domain/moves/rows.ts';
import type { Refusal } from '../../../src/domain/refusal.ts';
import { DAY } from '../../../src/domain/time.ts';
import { MOVE_NAMES, type MoveName } from '../../../src/domain/transitions.ts';
import { plainText } from '../../sandbox/servers/slack/transcript.ts';
import { refusalsWith } from './any-refusal.ts';
import { NEW, NOW, OLD, OTHER, oldKey } from './fixtures.ts';
import { HOSTILE, LONGEST } from './hostile.ts';

const read = (text: string) => plainText({ text, blocks: [] });
const facts: MoveFacts = {
  ...{ oldKeyId: OLD, newKeyId: NEW, otherKeyId: OTHER, graceDays: 365 },
  lastUse: { at: NOW, service: LONGEST },
  hasSecondKey: true,
  isDoubtful: false,
};
/** Where as little as can be is known. */
const bare: MoveFacts = {
  ...{ oldKeyId: OLD, newKeyId: undefined, otherKeyId: undefined, graceDays: 1 },
  hasSecondKey: false,
  isDoubtful: false,
};
const LETTERED = /\b(?:retired?|disabled?|deactivated?|reactivated?|inactive)\b/i;

const REFUSALS = Object.values(refusalsWith(HOSTILE)).flat();

describe('a refusal', () => {
  it.each(REFUSALS)('has exact words: $kind', (refusal) => {
    for (const channel of [undefined, 'C0123456789']) {
      const words = read(refusalWords(refusal, { helpers: { channel } }));
      expect(words.length).toBeGreaterThan(30);
      expect(words.length).toBeLessThanOrEqual(300);
      expect(words).toMatch(/[.!?]$/);
      expect(words).not.toMatch(/undefined|AKIA/);
    }
  });

  it('says what happened and what to do next', () => {
    const said = (refusal: Refusal) => read(refusalWords(refusal, { helpers: {} }));
    expect(said({ kind: 'slotTaken', otherKeyId: OTHER })).toBe(
      'This IAM user has two keys already, the other one being …8XYZ, and AWS allows no third. The message says what you can do about the two.',
    );
    expect(said({ kind: 'graceNotOver', until: NOW })).toBe(
      'The key can be deleted from Nov 20, 2026 at 13:00 UTC on. Until then it stays off, and you can turn it back on.',
    );
    expect(said({ kind: 'notAtThisStage', stage: 'issued', move: 'createKey' })).toBe(
      '“Create new key” does not fit any more: the new key is ready, and both keys work. The buttons shown now are the ones that work.',
    );
    expect(said({ kind: 'dateNotPossible', after: NOW, atMost: NOW + 366 * DAY })).toBe(
      'That date is not possible, so nothing was changed. Press “I need more time” again and choose a day after Friday, November 20th, 2026, Sunday, November 21st, 2027 at the latest.',
    );
    expect(said({ kind: 'otherKeyOn', keyId: OTHER })).toBe(
      '…8XYZ is on in AWS, so it was not removed: something may use it. If nobody needs it, turn it off in AWS first, then press again.',
    );
    expect(said({ kind: 'awsRefused', code: 'SecretUnderAnotherKmsKey' })).toBe(
      'This IAM user’s secret lies under another KMS key than the one that is configured, so nothing was changed. Please ask an admin: SECURITY.md tells how to move it.',
    );
    expect(said({ kind: 'secretNotStored', code: 'AccessDenied' })).toBe(
      'The new key could not be put into Secrets Manager (AccessDenied), so it was deleted again. The old key still works. Try again; if it stays so, ask an admin.',
    );
  });
});

describe('a move', () => {
  it.each(MOVE_NAMES)('%s has words that fit its button and its dialogs', (move) => {
    for (const given of [facts, bare]) {
      const anyway = anywayWords(move, given);
      for (const button of [moveLabel(move, given), anyway?.label ?? 'no doubts']) {
        expect(button.length).toBeGreaterThan(5);
        expect(button.length).toBeLessThanOrEqual(40);
        expect(button).not.toMatch(/undefined|AKIA/);
      }
      for (const ask of [MOVE_WORDS[move].dialog?.(given), anyway?.dialog]) if (ask) expectToFit(ask);
    }
  });

  it('names the keys on its button, where there is more than one it could be about', () => {
    const named = MOVE_NAMES.map((move) => moveLabel(move, facts)).filter((label) => label.includes('…'));
    expect(named).toEqual([
      '…8XYZ replaces …4NOP',
      'Turn off …4NOP',
      'Start with …8XYZ',
      'Remove …8XYZ to make room',
      'Remove …8XYZ',
    ]);
    expect(moveLabel('retire', bare)).toBe("I don't need this key");
    expect(anywayWords('clearSlot', facts)?.label).toBe('Remove …8XYZ for good');
  });

  it('says in the dialog when the key that goes off was used last, where that is known', () => {
    const lastUse = { at: NOW, service: 's3' };
    for (const move of ['retire', 'deactivate'] as const) {
      const { dialog, anyway } = MOVE_WORDS[move];
      for (const ask of [dialog, anyway?.dialog]) {
        expect(ask?.({ ...bare, lastUse }).text).toContain(
          '. Last used Nov 20, 2026 at 13:00 UTC: s3. You can',
        );
        expect(ask?.(bare).text).not.toContain('Last used');
      }
    }
  });

  it('asks first wherever a key stops working or is gone for good, and nowhere else', () => {
    const asking = MOVE_NAMES.filter((move) => MOVE_WORDS[move].dialog ?? MOVE_WORDS[move].anyway?.dialog);
    const stops = (move: MoveName) => /^(?:turnsOff|deletes)$/.test(MOVE_ROWS[move].inAws);
    expect(asking).toEqual(MOVE_NAMES.filter(stops));
  });

  it('says where there is a way back, and where there is none', () => {
    const asks = (move: MoveName) => MOVE_WORDS[move].dialog?.(facts).text ?? '';
    for (const move of ['deactivate', 'retire'] as const)
      expect(asks(move)).toContain('turn it back on here');
    for (const move of ['delete', 'discardNewKey'] as const) expect(asks(move)).toContain('cannot be undone');
    for (const move of ['clearSlot', 'discardStranded'] as const)
      expect(anywayWords(move, facts)?.dialog?.text).toContain('cannot be undone');
  });

  it('has one word for a key that is on or off', () => {
    for (const move of MOVE_NAMES) {
      const anyway = anywayWords(move, facts);
      const asks = Object.values(MOVE_WORDS[move].dialog?.(facts) ?? {});
      const all = [moveLabel(move, facts), anyway?.label, ...Object.values(anyway?.dialog ?? {}), ...asks];
      expect(all.join(' ')).not.toMatch(LETTERED);
    }
    for (const refusal of REFUSALS) {
      if (refusal.kind === 'personBarred') continue;
      expect(refusalWords(refusal, { helpers: {} })).not.toMatch(LETTERED);
    }
  });
});

describe('a doubt', () => {
  const use = { at: NOW, service: 's3', region: 'eu-west-1' };
  const doubts: Record<Doubt['kind'], Doubt> = {
    oldKeyInUse: { kind: 'oldKeyInUse', ...use },
    oldKeyUseUnknown: { kind: 'oldKeyUseUnknown' },
    newKeyNeverUsed: { kind: 'newKeyNeverUsed' },
    newKeyUseUnknown: { kind: 'newKeyUseUnknown' },
    newKeyInUse: { kind: 'newKeyInUse', ...use },
    weekendAhead: { kind: 'weekendAhead' },
    removesForGood: { kind: 'removesForGood', keyId: OTHER },
  };
  const keys = [oldKey({ id: OTHER, status: 'Inactive' })];
  const known = { oldKeyId: OLD, newKeyId: NEW, newKeySince: NOW, keys, now: NOW };

  it.each(Object.values(doubts))('has exact words: $kind', (doubt) => {
    const words = read(doubtWords(doubt, known));
    expect(words.length).toBeLessThanOrEqual(300);
    expect(words).toMatch(/[.]$/);
    const said = questionHeadline({ move: 'deactivate', doubts: [doubt] }, known, LONGEST);
    expect(said).toMatch(/^Not turned off yet: .*…(?:4NOP|QJLD|8XYZ) of /);
    expect(said.length).toBeLessThanOrEqual(150);
  });

  it('shows what is known of a key before it is removed for good', () => {
    const said = (doubt: Doubt, given = known) => read(doubtWords(doubt, given));
    expect(said(doubts.removesForGood)).toMatch(
      /^…8XYZ is 83 days old, off, last used .*: s3, eu-west-1\. Once/,
    );
    expect(said(doubts.removesForGood, { ...known, keys: [] })).toContain(
      'not shown by AWS at the last look',
    );
  });

  it('speaks of an old key only when there is a new one', () => {
    expect(doubtWords(doubts.oldKeyInUse, known)).toContain('The old key `…4NOP` was used');
    expect(doubtWords(doubts.oldKeyInUse, { ...known, newKeyId: undefined })).toContain(
      'The key `…4NOP` was used',
    );
  });

  it('says why some quiet days are not believed, and no more than that something may still use the key', () => {
    const rare: Doubt = { kind: 'oldKeyInUse', ...use, at: NOW - 3 * DAY, silence: 6.7 * DAY };
    expect(doubtWords(rare, known)).toContain(
      'Not every key of this user is used every day: one was once quiet for about 7 days, and then used again.',
    );
    const headed = (doubt: Doubt) => questionHeadline({ move: 'retire', doubts: [doubt] }, known, 'ci');
    expect(headed(rare)).toBe('Not turned off yet: …4NOP of ci may still be used');
    expect(doubtWords(doubts.oldKeyInUse, known)).not.toContain('every day');
    expect(headed(doubts.oldKeyInUse)).toBe('Not turned off yet: …4NOP of ci is still used');
  });

  it('recognises the owner who fetches the new key with the old one', () => {
    const fetching: Doubt = { kind: 'oldKeyInUse', at: NOW, service: 'secretsmanager' };
    expect(doubtWords(fetching, known)).toContain('(probably you, fetching the new key)');
    expect(doubtWords(fetching, { ...known, newKeySince: NOW + 1 })).not.toContain('probably you');
  });
});

describe('the steps', () => {
  it('are seen and heard alike', () => {
    expect(stepLine('confirmed', false)).toBe('Step 3 of 4: Create → Put in place → *Turn off* → Delete');
    expect(stepWords('confirmed', false)).toBe('Step 3 of 4: turn off the old key');
    expect(stepLine('retired', false)).toBe('Step 2 of 2: Turn off → *Delete*');
    expect(stepWords('retired', false)).toBe('Step 2 of 2: delete the key');
    expect(stepWords('postponed', false)).toBe('Step 1 of 4: create a new key when the time is over, or now');
  });

  it('begin with a decision where a second key leaves no room for a new one', () => {
    expect(stepLine('due', true)).toBe('Step 1 of 4: *Decide* → Put in place → Turn off → Delete');
    expect(stepWords('postponed', true)).toBe('Step 1 of 4: decide between its keys');
    expect(stepLine('issued', true)).toBe(stepLine('issued', false));
  });
});

describe('the line to copy', () => {
  it('quotes what a shell would read otherwise', () => {
    expect(shellQuoted('/iam/keys/1/a+b=2C@x.y/key')).toBe('/iam/keys/1/a+b=2C@x.y/key');
    expect(shellQuoted("it's $(rm)")).toBe(`'it'\\''s $(rm)'`);
    expect(shellQuoted('')).toBe("''");
    const place = { path: '/my keys/x', region: 'eu-west-1', version: 'v' };
    expect(fetchCommand(place, 'another')).toContain('--profile another --secret-id');
    expect(fetchCommand(place)).toContain("--secret-id '/my keys/x' --version-id v");
  });
});

function expectToFit({ title, text, confirm, deny }: Dialog): void {
  expect(title.length).toBeLessThanOrEqual(100);
  expect(title).toMatch(/\?$/);
  expect(text.length).toBeLessThanOrEqual(300);
  expect(text).toMatch(/\.$/);
  // In plain text a mark is a mark.
  expect(`${title}${text}`).not.toMatch(/[*`]/);
  expect(confirm.length).toBeLessThanOrEqual(30);
  expect(deny.length).toBeLessThanOrEqual(30);
}
