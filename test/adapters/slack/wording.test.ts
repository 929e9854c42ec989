// Every move, refusal and doubt has words, and they fit where they are shown.
import { describe, expect, it } from 'vitest';
import { doubtHeading, doubtWords } from '../../../src/adapters/slack/wording/doubts.ts';
import { fetchCommand, shellQuoted } from '../../../src/adapters/slack/wording/instructions.ts';
import { anywayWords, type Dialog, MOVE_WORDS } from '../../../src/adapters/slack/wording/moves.ts';
import { refusalWords } from '../../../src/adapters/slack/wording/refusals.ts';
import { stepLine, stepWords } from '../../../src/adapters/slack/wording/steps.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { Refusal, RefusalKind } from '../../../src/domain/refusal.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { plainText } from '../../sandbox/slack/transcript.ts';
import { NEW, NOW, OLD, OTHER } from './fixtures.ts';
import { HOSTILE } from './hostile.ts';

const read = (text: string) => plainText({ text, blocks: [] });
const facts = { oldKeyId: OLD, newKeyId: NEW, graceDays: 365 };
const LETTERED = /\b(?:retired?|disabled?|deactivated?|reactivated?|inactive)\b/i;

const REFUSALS: { [K in RefusalKind]: Extract<Refusal, { kind: K }>[] } = {
  notYours: [
    { kind: 'notYours', owner: { kind: 'person', slackId: 'U0123ABC', from: 'ownerTag' } },
    { kind: 'notYours', owner: { kind: 'nobody', why: 'none', named: [] } },
    { kind: 'notYours', owner: { kind: 'nobody', why: 'ambiguous', named: ['a@example.com', HOSTILE] } },
  ],
  personBarred: (['guest', 'stranger', 'bot', 'deactivated', 'foreign', 'unknown'] as const).map((why) => ({
    kind: 'personBarred',
    why,
  })),
  adminsOnly: [{ kind: 'adminsOnly' }],
  nothingOpen: [{ kind: 'nothingOpen' }],
  outdatedCard: [{ kind: 'outdatedCard' }],
  notAtThisStage: MOVE_NAMES.map((move) => ({ kind: 'notAtThisStage', stage: 'issued', move })),
  previewOnly: [{ kind: 'previewOnly' }],
  settling: [{ kind: 'settling', move: 'createKey', until: NOW }],
  slotTaken: [
    { kind: 'slotTaken', otherKeyId: OTHER },
    { kind: 'slotTaken', otherKeyId: '' },
  ],
  graceNotOver: [{ kind: 'graceNotOver', until: NOW }],
  oldKeyOn: [{ kind: 'oldKeyOn' }],
  oldKeyOff: [{ kind: 'oldKeyOff' }],
  oldKeyMissing: [{ kind: 'oldKeyMissing' }],
  newKeyOff: [{ kind: 'newKeyOff' }],
  newKeyMissing: [{ kind: 'newKeyMissing' }],
  userRecreated: [{ kind: 'userRecreated' }],
  userGone: [{ kind: 'userGone' }],
  awsRefused: [{ kind: 'awsRefused', code: HOSTILE }],
  lookFailed: [{ kind: 'lookFailed', code: 'AccessDenied' }],
  secretNotStored: [{ kind: 'secretNotStored', code: 'AccessDenied' }],
  keyNotCreated: [{ kind: 'keyNotCreated' }],
  newKeyStranded: [{ kind: 'newKeyStranded', keyId: NEW }],
};

describe('a refusal', () => {
  it.each(Object.values(REFUSALS).flat())('has exact words: $kind', (refusal) => {
    for (const helpChannel of [undefined, 'C0123456789']) {
      const words = read(refusalWords(refusal, { helpChannel }));
      expect(words.length).toBeGreaterThan(30);
      expect(words.length).toBeLessThanOrEqual(300);
      expect(words).toMatch(/[.!?]$/);
      expect(words).not.toMatch(/undefined|AKIA/);
    }
  });

  it('says what happened and what to do next', () => {
    const said = (refusal: Refusal) => read(refusalWords(refusal, { helpChannel: undefined }));
    expect(said({ kind: 'slotTaken', otherKeyId: OTHER })).toBe(
      'This IAM user has two keys already, the other one being …8XYZ, and AWS allows no third. Have one that nobody uses deleted in AWS, then press “Create new key” again.',
    );
    expect(said({ kind: 'graceNotOver', until: NOW })).toBe(
      'The key can be deleted from 20 Nov 2026, 13:00 UTC on. Until then it stays off, and you can turn it back on.',
    );
    expect(said({ kind: 'notAtThisStage', stage: 'issued', move: 'createKey' })).toBe(
      '“Create new key” does not fit any more: the new key is ready, and both keys work. The buttons shown now are the ones that work.',
    );
    expect(said({ kind: 'secretNotStored', code: 'AccessDenied' })).toBe(
      'The new key could not be put into Secrets Manager (AccessDenied), so it was deleted again. The old key still works. Try again; if it stays so, ask an admin.',
    );
  });
});

describe('a move', () => {
  it.each(MOVE_NAMES)('%s has words that fit its button and its dialogs', (move) => {
    const { label, dialog } = MOVE_WORDS[move];
    const anyway = anywayWords(move);
    for (const button of [label, anyway.label]) expect(button.length).toBeLessThanOrEqual(40);
    for (const ask of [dialog, anyway.dialog]) if (ask) expectToFit(ask(facts));
  });

  it('asks first wherever a key is made, stops working, or is gone for good', () => {
    const asking = MOVE_NAMES.filter((move) => MOVE_WORDS[move].dialog);
    expect(asking.sort()).toEqual(['createKey', 'deactivate', 'delete', 'discardNewKey', 'retire']);
  });

  it('says where there is a way back, and where there is none', () => {
    const asks = (move: 'deactivate' | 'retire' | 'delete' | 'discardNewKey') =>
      MOVE_WORDS[move].dialog?.(facts).text ?? '';
    for (const move of ['deactivate', 'retire'] as const)
      expect(asks(move)).toContain('turn it back on here');
    for (const move of ['delete', 'discardNewKey'] as const) expect(asks(move)).toContain('cannot be undone');
  });

  it('has one word for a key that is on or off', () => {
    for (const move of MOVE_NAMES) {
      const { label, dialog } = MOVE_WORDS[move];
      const asks = dialog ? Object.values(dialog(facts)) : [];
      expect([label, anywayWords(move).label, ...asks].join(' ')).not.toMatch(LETTERED);
    }
    for (const refusal of Object.values(REFUSALS).flat()) {
      if (refusal.kind === 'personBarred') continue;
      expect(refusalWords(refusal, { helpChannel: undefined })).not.toMatch(LETTERED);
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
  };
  const known = { oldKeyId: OLD, newKeyId: NEW, newKeySince: NOW };

  it.each(Object.values(doubts))('has exact words: $kind', (doubt) => {
    const words = read(doubtWords(doubt, known));
    expect(words.length).toBeLessThanOrEqual(300);
    expect(words).toMatch(/[.]$/);
    expect(doubtHeading([doubt], known)).toMatch(/^[A-Z]/);
  });

  it('speaks of an old key only when there is a new one', () => {
    expect(doubtWords(doubts.oldKeyInUse, known)).toContain('The old key `…4NOP` was used');
    expect(doubtWords(doubts.oldKeyInUse, { ...known, newKeyId: undefined })).toContain(
      'The key `…4NOP` was used',
    );
  });

  it('recognises the owner who fetches the new key with the old one', () => {
    const fetching: Doubt = { kind: 'oldKeyInUse', at: NOW, service: 'secretsmanager' };
    expect(doubtWords(fetching, known)).toContain('(probably you, fetching the new key)');
    expect(doubtWords(fetching, { ...known, newKeySince: NOW + 1 })).not.toContain('probably you');
  });
});

describe('the steps', () => {
  it('are seen and heard alike', () => {
    expect(stepLine('confirmed')).toBe('① Create → ② Migrate → ③ *Turn off* → ④ Delete');
    expect(stepWords('confirmed')).toBe('Step 3 of 4: turn off the old key');
    expect(stepLine('retired')).toBe('① Turn off → ② *Delete*');
    expect(stepWords('retired')).toBe('Step 2 of 2: delete the key');
  });
});

describe('the line to copy', () => {
  it('quotes what a shell would read otherwise', () => {
    expect(shellQuoted('/iam/keys/1/a+b=2C@x.y/key')).toBe('/iam/keys/1/a+b=2C@x.y/key');
    expect(shellQuoted("it's $(rm)")).toBe(`'it'\\''s $(rm)'`);
    expect(shellQuoted('')).toBe("''");
    const place = { path: '/my keys/x', region: 'eu-west-1', version: 'v' };
    expect(fetchCommand(place)).toContain("--secret-id '/my keys/x' --version-id v");
  });
});

function expectToFit({ title, text, confirm, deny }: Dialog): void {
  expect(title.length).toBeLessThanOrEqual(100);
  expect(title).toMatch(/\?$/);
  expect(text.length).toBeLessThanOrEqual(300);
  expect(text).toMatch(/\.$/);
  expect(confirm.length).toBeLessThanOrEqual(30);
  expect(deny.length).toBeLessThanOrEqual(30);
}
