// What `/keyrotate status` and `/keyrotate help` answer.
import { describe, expect, it } from 'vitest';
import { buildHelp, buildStatus } from '../../../src/adapters/slack/blocks/notice.ts';
import { showId } from '../../../src/adapters/slack/blocks/press.ts';
import type { Whose } from '../../../src/adapters/slack/wording/commands/commands.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Help, Status, StatusLine } from '../../../src/usecases/commands/answers.ts';
import type { Unclear } from '../../../src/usecases/jobs.ts';
import { blocksTooLong, validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { pressables } from '../../sandbox/servers/slack/pressables.ts';
import { ANA, asRead, NOW, OLD, SAM, userAt, wordsOf } from './fixtures.ts';
import { HOSTILE, LONGEST, PINGS } from './hostile.ts';

const line = (changes: Partial<StatusLine> = {}): StatusLine => ({
  account: '111122223333',
  userName: 'ci-deploy',
  oldKeyId: OLD,
  ageDays: 83,
  deadline: NOW + 7 * DAY,
  overdue: false,
  stage: 'due',
  ...changes,
});

const status = (lines: StatusLine[], changes: Partial<Status> = {}): Status => ({
  ...{ lines, channelsUnanswered: false },
  ...changes,
});

describe('the status', () => {
  it('lists one row a key, the most urgent first', () => {
    const lines = [
      line({ userName: 'legacy-etl', ageDays: 93, deadline: NOW - 3 * DAY, overdue: true, stage: 'issued' }),
      line(),
      line({ userName: 'backup', stage: 'deactivated', deletableFrom: NOW + 2 * DAY }),
      line({ userName: 'old-site', stage: 'retired', deletableFrom: NOW - DAY }),
    ];
    expect(asRead(buildStatus(status(lines), 'own', NOW), { notification: true })).toBe(`
│ Notification: You have 4 access keys to rotate.
│ You have 4 access keys to rotate
│ …4NOP of legacy-etl in account 1111-2222-3333
│ 93 days old · 3 days overdue (was due by Tuesday, November 17th)
│ Step 2 of 4: put the new key wherever the old one is used.
│ [ Open ]
│ …4NOP of ci-deploy in account 1111-2222-3333
│ 83 days old · rotate by Friday, November 27th
│ Step 1 of 4: create a new key.
│ [ Open ]
│ …4NOP of backup in account 1111-2222-3333
│ 83 days old · off, can be deleted from Sunday, November 22nd on
│ Step 4 of 4: delete the old key.
│ [ Open ]
│ …4NOP of old-site in account 1111-2222-3333
│ 83 days old · off, can be deleted now
│ Step 2 of 2: delete the key.
│ [ Open ]
│ Open brings the message with the buttons to our direct conversation.
│ /keyrotate list shows all that you have.
`);
  });

  it('asks for a decision, not for a new key, where there are two', () => {
    const words = wordsOf(buildStatus(status([line({ hasOther: true })]), 'own', NOW));
    expect(words).toContain('Step 1 of 4: decide between its keys.');
  });

  it('tells admins where to see more than their own', () => {
    const more = '/keyrotate summary shows how all accounts stand';
    expect(wordsOf(buildStatus(status([line()], { isAdmins: true }), 'own', NOW))).toContain(more);
    expect(wordsOf(buildStatus(status([line()]), 'own', NOW))).not.toContain(more);
  });

  it('is friendly when there is nothing to do', () => {
    expect(buildStatus(status([]), 'own', NOW).text).toBe(
      'All is well: you have no access key to rotate. I write to you when one comes due.',
    );
    expect(asRead(buildStatus(status([]), { slackId: ANA.id }, NOW))).toContain(
      'All is well: @Ana Lima has no access key to rotate.',
    );
  });

  it.each<[Whose, boolean, string]>([
    ['own', true, 'You and your channels have 2 access keys'],
    ['own', false, 'Your channels have 1 access key'],
    [{ slackId: ANA.id }, true, '@Ana Lima and their channels have 2 access keys'],
    [{ slackId: ANA.id }, false, 'The channels of @Ana Lima have 1 access key'],
  ])('says who has them: %j, besides their own %j', (whose, besides, heading) => {
    const lines = [...(besides ? [line()] : []), line({ channelId: 'C00000TEAM' })];
    const words = asRead(buildStatus(status(lines), whose, NOW));
    expect(words).toContain(heading);
    expect(words.includes('the channel that owns the key')).toBe(whose === 'own');
    expect(words.match(/owned by\s│?\s?#C00000TEAM/g)).toHaveLength(1);
  });

  it('says so when the channels could not be looked up, and then not that all is well', () => {
    const unanswered = { channelsUnanswered: true };
    const warning = 'I could not look up your channels: what a channel owns is missing here.';
    expect(wordsOf(buildStatus(status([line()], unanswered), 'own', NOW))).toContain(warning);
    const none = wordsOf(buildStatus(status([], unanswered), 'own', NOW));
    expect(none).toContain(warning);
    expect(none).toContain('You have no access key of your own to rotate.');
    expect(none).not.toContain('All is well');
    const anas = asRead(buildStatus(status([], unanswered), { slackId: ANA.id }, NOW));
    expect(anas).toContain('@Ana Lima has no access key of their own to rotate.');
    expect(anas).toContain('I could not look up the channels of @Ana Lima');
  });

  it('says whose keys they are when an admin asks', () => {
    expect(asRead(buildStatus(status([line()]), { slackId: ANA.id }, NOW))).toContain(
      '@Ana Lima has 1 access key to rotate',
    );
  });

  it('fits Slack and counts the rest, however many there are', () => {
    const most = line({ userName: LONGEST, deadline: NOW - 900 * DAY, overdue: true });
    const { text, blocks } = buildStatus(status(Array(500).fill(most)), 'own', NOW, () => HOSTILE);
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(blocksTooLong(blocks)).toBe(false);
    expect(text).toBe('You have 500 access keys to rotate.');
    const shown = pressables({ blocks }).length;
    expect(wordsOf({ text, blocks })).toContain(`…and ${500 - shown} more, less urgent than these.`);
    expect(JSON.stringify(blocks)).not.toMatch(PINGS);
    expect(JSON.stringify(blocks)).not.toContain(OLD);
  });
});

describe('a row of the status', () => {
  it('opens its card', () => {
    const [open] = pressables(buildStatus(status([line({ userName: LONGEST })]), 'own', NOW));
    expect(open).toMatchObject({
      label: 'Open',
      element: { action_id: showId(), value: `111122223333/${LONGEST}` },
    });
  });

  it('is one of forty, where names are as long as they usually are', () => {
    const usual = line({ deadline: NOW - 9 * DAY, overdue: true, stage: 'issued' });
    const { blocks } = buildStatus(status(Array(100).fill(usual)), 'own', NOW, () => 'prod');
    expect(pressables({ blocks }).length).toBeGreaterThanOrEqual(40);
    expect(blocksTooLong(blocks)).toBe(false);
  });
});

describe('the help', () => {
  const example = userAt('due');
  const help = (changes: Partial<Help> = {}) =>
    buildHelp(
      { isAdmin: false, example, ...changes },
      { accountName: () => 'prod', helpers: { admins: [SAM.id] } },
    );

  it('says how it goes and what can be typed, with what works for whoever reads it', () => {
    expect(asRead(help())).toBe(`
│ I am keyrotate, and help you replace AWS access keys before they grow too
│ old.
│ How it goes
│ ① Create: press a button and a new key is made. Both keys work.
│ ② Put in place: fetch the new key from AWS Secrets Manager and put it
│ wherever the old one is used.
│ ③ Turn off the old key. If anything breaks, turn it back on with one press.
│ ④ Delete it after some quiet days. Only this step cannot be undone.
│ Your access keys
│ • /keyrotate: what there is to do or, where there is nothing, what you have
│ • /keyrotate status: those that are due, and what comes next
│ • /keyrotate list: all your IAM users and their access keys
│ • /keyrotate rotate prod/ci-deploy: replace or turn off a key of that IAM
│   user now, whatever its age
│ • /keyrotate rotate prod/ci-deploy 4NOP: the same for the key whose id ends
│   so, also the younger of two
│ • /keyrotate history prod/ci-deploy: who did what to its keys, when, and on
│   what evidence
│ • /keyrotate how prod/ci-deploy github: the commands that put its new key
│   there; or gitlab, docker, kubernetes…
│ • /keyrotate help: this text
│ An account goes by its name or its 12 digits, and may be left out where only
│ one has that IAM user. A secret never appears in Slack, and I never ask you
│ for one. I write to you first when a key comes due.
│ Questions? Ask @Sam Admin.
`);
  });

  it('shows admins what only they can do', () => {
    const content = help({ isAdmin: true });
    expect(asRead(content)).toContain(`
│ For admins: other people’s keys
│ • /keyrotate status @person: what they have to do
│ • /keyrotate list @person: all that they have
│ • /keyrotate show prod/ci-deploy: the message with the buttons, to act for
│   its owner
│ • /keyrotate assign prod/ci-deploy @person: say who owns it; a private
│   #channel can, too
│ • /keyrotate unassign prod/ci-deploy: undo that, so that its tags say so
│   again
│ • /keyrotate owners: give owners to many at once: by search, by rules, or
│   from a CSV
│ For admins: all accounts, and keyrotate itself
│ • /keyrotate summary: how all accounts stand; with csv, a row for each IAM
│   user
│ • /keyrotate sweep: look at all accounts now instead of tonight
│ • /keyrotate check: whether I myself am well, and what to do where not
│ • /keyrotate redrive: start jobs again that were given up, once their cause
│   is mended
`);
    expect(validateBlocks(content.blocks, 'message')).toEqual([]);
  });

  it.each<[Unclear, string]>([
    [{ kind: 'misused', word: 'status' }, 'Type /keyrotate status, for example /keyrotate status.'],
    [
      { kind: 'misused', word: 'rotate' },
      'Type /keyrotate rotate [account/]user [last four], for example /keyrotate rotate prod/ci-deploy.',
    ],
    [{ kind: 'misused', word: 'sweep' }, 'Type /keyrotate sweep, and nothing after it.'],
    [
      { kind: 'unknownAccount', word: 'show', name: 'nowhere' },
      'I watch no account called nowhere. Type its 12 digits, or its name as I show it: /keyrotate show [account/]user.',
    ],
  ])('is one line for a command used wrongly: %j', (unclear, usage) => {
    const words = wordsOf(help({ unclear }));
    expect(words).toContain(usage);
    expect(words).not.toContain('Your access keys');
  });

  it('follows what is not understood, and repeats nothing that could ping or forge', () => {
    const content = help({ unclear: { kind: 'unknown', text: '<!channel> `*<https://evil|x>' } });
    expect(asRead(content)).toContain('Here is what I understand:');
    expect(wordsOf(content)).toContain('Your access keys');
    expect(JSON.stringify(content)).not.toMatch(/<!channel|<https/);
  });
});
