// What `/keyrotate history` answers.
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../src/adapters/slack/blocks/history.ts';
import type { HistoryEntry } from '../../../src/domain/rotation.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { History } from '../../../src/usecases/commands/answers.ts';
import { rotationAt } from '../../domain/given.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { ANA, asRead, NEW, NOW, newKey, OLD, oldKey, SAM, wordsOf } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';

const done = (changes: Partial<HistoryEntry>): HistoryEntry => ({
  ...{ at: NOW, jobId: 'job-1', what: 'deactivate', outcome: 'done', from: 'confirmed', to: 'deactivated' },
  ...{ by: { kind: 'person', slackId: ANA.id, as: 'owner' }, evidence: [], awsRequestIds: [] },
  ...changes,
});

const given = (history: HistoryEntry[], changes: Partial<History> = {}): History => ({
  ...{ account: '111122223333', userName: 'ci-deploy' },
  rotations: [{ rotation: { ...rotationAt('deactivated'), history } }],
  ...changes,
});

describe('the history', () => {
  it('tells apart who decided, and that keyrotate did it later', () => {
    const history = [done({ decidedAt: NOW - DAY })];
    const words = asRead(buildHistory(given(history), () => 'prod')).replace(/\n│ +/g, ' ');
    expect(words).toContain(
      '• Nov 20 at 14:00 · keyrotate, decided on Nov 19 at 14:00 by @Ana Lima as owner · The old key was turned off.',
    );
  });

  it('tells when who did what, on what evidence, under which request ids; the newest first', () => {
    const history = [
      done({ at: NOW - 2 * DAY, what: 'open', by: { kind: 'keyrotate' }, to: 'due' }),
      done({ at: NOW - DAY, what: 'notMine', outcome: 'failed', reason: 'userGone', note: 'Ben’s, I think' }),
      done({ evidence: [newKey(), oldKey()], awsRequestIds: ['req-1', 'req-2'] }),
    ];
    expect(
      asRead(
        buildHistory(given(history), () => 'prod'),
        { notification: true },
      ),
    ).toBe(`
│ Notification: 1 rotation of ci-deploy in account prod (1111-2222-3333).
│ 1 rotation of ci-deploy in account prod (1111-2222-3333)
│ …4NOP, Nov 13: the old key is off.
│ • Nov 20 at 14:00 · @Ana Lima as owner · The old key was turned off.
│ AWS showed …4NOP on, last used Nov 20 at 12:00: s3, eu-west-1; …QJLD on,
│ never used.
│ AWS request req-1, req-2.
│ • Nov 19 at 14:00 · @Ana Lima as owner · “Not mine” was not done: AWS no
│   longer had an IAM user of this name.
│ “Ben’s, I think”
│ • Nov 18 at 14:00 · keyrotate · The rotation was started.
│ The newest first. CloudTrail knows a call by its request id. Rotations are
│ kept for 400 days after their end.
`);
  });

  it('names whom the owner was named, and who it was before; what an earlier version wrote names nobody', () => {
    const by = { kind: 'person', slackId: SAM.id, as: 'admin' } as const;
    const assigned = (changes: Partial<HistoryEntry>) => {
      const history = [done({ what: 'assign', by, from: 'due', to: 'due', ...changes })];
      return wordsOf(buildHistory(given(history), () => 'prod'));
    };
    const [ana, ben] = [ANA.id, 'U0BEN0000'];
    const both = assigned({ owners: { before: ana, after: ben } });
    expect(both).toContain(`as admin · @${ben} was named the owner, before it was @${ana}.`);
    expect(assigned({ owners: { after: 'C0TEAM0001' } })).toContain('· #C0TEAM0001 was named the owner.');
    expect(assigned({ owners: { before: ben, after: ben } })).toContain(`· @${ben} was named the owner.`);
    expect(assigned({})).toContain('· The owner was named.');
    const undone = assigned({ note: 'unassign', owners: { before: ben } });
    expect(undone).toContain(`· The tags tell the owner again: nobody, before it was @${ben}.`);
    expect(undone).not.toContain('“unassign”');
  });

  it('tells in words why something was not done; a code that nobody foresaw is shown as one', () => {
    const failed = (reason: string, keyId?: string) => {
      const entry = done({ what: 'createKey', outcome: 'failed', reason, ...(keyId && { keyId }) });
      return wordsOf(buildHistory(given([entry]), () => 'prod'));
    };
    expect(failed('newKeyStranded', NEW)).toContain(
      '“Create new key” was not done: the attempt broke off, and a key came into being whose secret nobody has (…QJLD).',
    );
    expect(failed('newKeyStranded')).toContain('whose secret nobody has.');
    expect(failed('asked')).toContain('“Create new key” was not done: AWS showed a reason to ask again.');
    expect(failed('AccessDenied')).toContain('“Create new key” was not done: AWS said no (AccessDenied).');
    expect(failed('toString')).toContain('“Create new key” was not done: toString.');
  });

  it('says so when there is none', () => {
    expect(wordsOf(buildHistory(given([], { rotations: [] }), () => undefined))).toContain(
      'No access key of ci-deploy in account 1111-2222-3333 was ever rotated here.',
    );
  });

  it('fits Slack, says how many more there are, and pings nobody', () => {
    const most = done({
      ...{ note: HOSTILE, reason: HOSTILE, outcome: 'failed', keyId: OLD },
      evidence: [oldKey({ lastUse: { seen: 'used', at: NOW, service: HOSTILE, region: HOSTILE } }), newKey()],
      awsRequestIds: [HOSTILE, LONGEST],
    });
    const { rotation } = given(Array(300).fill(most)).rotations[0] as History['rotations'][number];
    const rotations = Array(9).fill({ rotation, isOfAnother: true });
    const { text, blocks } = buildHistory(given([], { userName: LONGEST, rotations }), () => HOSTILE);
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(JSON.stringify([text, blocks])).not.toMatch(PINGS);
    for (const id of [OLD, NEW]) expect(JSON.stringify(blocks)).not.toContain(id);
    const shown = blocks.length - 2;
    expect(wordsOf({ text, blocks })).toContain(`…and ${(2700 - shown).toLocaleString('en')} more, older`);
  });
});
