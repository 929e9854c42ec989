// The forms as people see them, within Slack's limits.
import { beforeEach, describe, expect, it } from 'vitest';
import { formsClient } from '../../../src/adapters/slack/app.ts';
import { buildForm } from '../../../src/adapters/slack/blocks/forms.ts';
import { type FormMove, isFormMove } from '../../../src/domain/moves/rows.ts';
import { DAY } from '../../../src/domain/time.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import { validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { renderView } from '../../sandbox/servers/slack/transcript.ts';
import { addMember, createWorkspace } from '../../sandbox/servers/slack/workspace.ts';
import { NOW, POLICY } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';

const FORMS = MOVE_NAMES.filter(isFormMove);
const facts = {
  user: { account: '111122223333', userName: 'ci-deploy' },
  accountName: 'prod',
  place: { channel: 'D1', ts: '1.000001' },
  policy: POLICY,
  now: NOW,
};

const workspace = createWorkspace();
const ana = addMember(workspace, { name: 'ana' });

function read(move: FormMove): string {
  const shown = { id: 'V1', hash: '', user: ana.id, view: buildForm({ move }, facts) };
  return `\n${renderView(shown, { workspace, reader: ana.id, colour: false, now: NOW })}\n`;
}

describe('a form', () => {
  it('says first what speaks against what it is for, where AWS has shown that', () => {
    const [first] = buildForm({ move: 'confirmMigration', isTold: true }, facts).blocks;
    expect(JSON.stringify(first)).toContain('nobody had fetched the new key, and nothing had used it');
    expect(read('confirmMigration')).not.toContain('nobody had fetched');
  });

  it('says whose time it is to take', () => {
    expect(read('postpone')).toBe(`
│ I need more time
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ Up to 14 days beyond the deadline are yours to take. Beyond that an admin
│ decides.
│ Until when?
│ […]
│ Until then I do not remind you.
│ Why?
│ […]
│ Your admins read it; no secrets here.
│ [ Send ]  [ Cancel ]
`);
  });

  it('says what comes of "not mine"', () => {
    expect(read('notMine')).toBe(`
│ Not mine
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ An admin then finds out whose it is. Nothing changes in AWS.
│ Whose is it, if you know?
│ [A name, a team, or “I do not know”]
│ Your admins read it; no secrets here.
│ [ Send ]  [ Cancel ]
`);
  });

  it('asks where the key was replaced, for the next time', () => {
    expect(read('confirmMigration')).toBe(`
│ Replaced everywhere?
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ Nothing is turned off yet: that is the next step, and it asks again.
│ Where did you replace it? (optional)
│ […]
│ Shown at the next rotation; no secrets here.
│ [ Yes, everywhere ]  [ Not yet ]
`);
  });

  it.each(FORMS)('fits Slack, whatever the names: %s', (move) => {
    for (const userName of [LONGEST, HOSTILE]) {
      const user = { account: '111122223333', userName };
      const view = buildForm({ move }, { ...facts, user, accountName: HOSTILE });
      expect(validateBlocks(view.blocks, 'modal')).toEqual([]);
      expect(JSON.stringify(view.blocks)).not.toMatch(PINGS);
      for (const words of [view.title, view.submit, view.close])
        expect(words?.text.length).toBeLessThanOrEqual(24);
    }
    const longest = buildForm({ move }, { ...facts, user: { account: '111122223333', userName: LONGEST } });
    expect(longest.private_metadata?.length).toBeLessThan(300);
  });
});

it('asks for more time with a date that is later than any deadline that nobody put off', () => {
  const element = (remindDaysBefore: number[], firstNoticeDays: number) => {
    const policy = { ...POLICY, remindDaysBefore, firstNoticeDays };
    return JSON.stringify(buildForm({ move: 'postpone' }, { ...facts, policy }).blocks);
  };
  const inDays = (days: number) =>
    `"initial_date":"${new Date(NOW + days * DAY).toISOString().slice(0, 10)}"`;
  expect(element([14, 7], 7)).toContain(inDays(15));
  expect(element([3], 30)).toContain(inDays(31));
});

describe('opening a form', () => {
  let slack: SlackWorld;
  const view = buildForm({ move: 'postpone' }, facts);
  const trigger = (): string => {
    const id = `${slack.workspace.triggers.size}.1`;
    slack.workspace.triggers.set(id, { id, user: slack.ana.id, createdAt: slack.clock.now(), used: false });
    return id;
  };

  beforeEach(async () => {
    slack = await slackWorld();
  });

  it('shows it to whoever pressed', async () => {
    await formsClient(slack.client).open(trigger(), view);
    expect([...slack.workspace.modals.values()]).toMatchObject([{ user: slack.ana.id, view }]);
  });

  it('fails in the use cases’ words when it comes too late', async () => {
    const late = trigger();
    slack.clock.advance(3001);
    const opening = formsClient(slack.client).open(late, view);
    await expect(opening).rejects.toEqual(new OutsideError('refused', 'views.open', 'expired_trigger_id'));
  });

  it('fails in the use cases’ words when Slack does not answer', async () => {
    slack = await slackWorld(300);
    slack.spoil('views.open', { kind: 'hang', takesEffect: true });
    const opening = formsClient(slack.client).open(trigger(), view);
    await expect(opening).rejects.toMatchObject({ outcome: 'unknown', operation: 'views.open' });
  });
});
