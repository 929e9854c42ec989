// What owners read of what others did: in AWS, past keyrotate, or for them; and what others read of it.
import { describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { introduction } from '../../../src/adapters/slack/wording/card/card-lines.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Owner } from '../../../src/domain/owner.ts';
import type { Role } from '../../../src/domain/rotation.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { card, labels, read, words } from './cards.ts';
import {
  ANA,
  asRead,
  at,
  bySam,
  entry,
  NEW,
  NOW,
  newKey,
  OTHER,
  oldKey,
  SAM,
  sighting,
  userAt,
  viewOf,
} from './fixtures.ts';

/** The one below the header. */
const firstLine = (user: IamUser, as?: Role) => read(user, as).split('\n')[2];
const offKeys = [oldKey({ status: 'Inactive' }), newKey({ status: 'Inactive' })];

describe('a change made past keyrotate', () => {
  it('is the first thing that is said below the header, and in the notification', () => {
    const user = at('retired', { offBy: 'outside' as const, history: [sighting('oldKeyOff')] });
    expect(card(user).text).toMatch(/^Somebody turned …4NOP off in AWS\. Off since Nov 19/);
    expect(read(user)).toContain(
      '│ Off since Nov 19: the key of ci-deploy\n│ Somebody turned …4NOP off in AWS.\n',
    );
    expect(read(user)).not.toContain('Somebody turned it off');
  });

  it('is told in words of its own, whatever it is', () => {
    const lead = (stage: 'due' | 'issued' | 'retired', ...history: ReturnType<typeof sighting>[]) =>
      firstLine(at(stage, { history }));
    expect(lead('issued', sighting('oldKeyOn'))).toBe('│ Somebody turned …4NOP back on in AWS.');
    expect(lead('retired', sighting('newKeyGone'))).toBe('│ Somebody deleted the new key in AWS.');
    expect(lead('due', sighting('newKeyOff'))).toBe('│ Somebody turned the new key off in AWS.');
    expect(lead('due', sighting('otherKeyFound', { keyId: OTHER }))).toBe(
      '│ Somebody made another key in AWS: …8XYZ.',
    );
    expect(lead('retired', sighting('newKeyGone'), sighting('oldKeyOff'))).toBe(
      '│ Somebody deleted the new key in AWS. Somebody turned …4NOP off in AWS.',
    );
  });

  it('names the new key while it is still there', () => {
    const keys = [oldKey(), newKey({ status: 'Inactive' })];
    expect(firstLine(at('due', { history: [sighting('newKeyOff')] }, { keys }))).toBe(
      '│ Somebody turned the new key …QJLD off in AWS.',
    );
  });

  it('is told until something else is done', () => {
    const history = [sighting('oldKeyOn'), entry('discardNewKey')];
    expect(firstLine(at('due', { history }))).toContain('It is 83 days old');
    const failed = [sighting('oldKeyOn'), entry('discardNewKey', { outcome: 'failed' })];
    expect(firstLine(at('issued', { history: failed }))).toContain('back on in AWS');
  });

  it('that leaves no key on comes before everything else', () => {
    const rotation = {
      offSince: NOW - 9 * DAY,
      newKeyOutSince: NOW - HOUR,
      history: [sighting('newKeyOff')],
    };
    const user = at('deactivated', rotation, { keys: offKeys });
    expect(asRead(card(user), { notification: true })).toBe(`
│ Notification: Nothing works for ci-deploy: turn the old key back on. The new
│ key is off, too.
│ Nothing works for ci-deploy: turn the old key back on
│ :rotating_light: The new key …QJLD is off, too, and the old one has been off
│ since Nov 11 at 14:00.
│ [ Turn it back on ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 4 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
`);
    const gone = at('deactivated', rotation, { keys: [oldKey({ status: 'Inactive' })] });
    expect(read(gone)).toContain('The new key …QJLD is gone, and the old one has been off');
    expect(card(gone).text).toContain('The new key is gone.');
  });

  it('that removes or renames the IAM user ends its rotation', () => {
    const user = at('resolved', { history: [sighting('userGone')] });
    expect(card(user).text).toBe('Done: IAM user ci-deploy is gone, or has another name now.');
    expect(words(user)).toContain('Somebody changed it in AWS. There is nothing left to do here.');
    expect(words(user)).not.toContain('Nothing replaces it');
  });
});

describe('the card of a key turned off before anybody used the new one', () => {
  it('still says how to get the new one, though the old one cannot fetch it', () => {
    const keys = [oldKey({ status: 'Inactive' }), newKey()];
    expect(read(userAt('deactivated', { keys }))).toContain(`
│ Nobody has used the new key yet. The old one is off and cannot fetch it:
│ open it in the AWS console
`);
    expect(words(userAt('deactivated', { keys }))).toContain('--profile A_READERS_PROFILE --secret-id');
  });

  it('has nothing to fetch once it is used, or where it was never made here', () => {
    const replacement = { kind: 'adopted', keyId: NEW } as const;
    const keys = [oldKey({ status: 'Inactive' }), newKey()];
    const adopted = at('deactivated', { replacement }, { keys });
    for (const user of [userAt('deactivated'), adopted])
      expect(words(user)).not.toContain('get-secret-value');
  });
});

describe('what an admin did for an owner', () => {
  const having = (...history: ReturnType<typeof entry>[]) => at('issued', { history });

  it('is told to the owner by name, with the button and the time', () => {
    const user = having(entry('open'), bySam('createKey'));
    expect(firstLine(user)).toBe('│ @Sam Admin did this for you: Create new key, Nov 20 at 13:00.');
    expect(card(user).text).toMatch(
      /^An admin did this for you: Create new key\. New key …QJLD of ci-deploy is ready/,
    );
  });

  it('names the keys that it was about', () => {
    const replacement = { kind: 'adopted', keyId: OTHER } as const;
    const history = [bySam('adopt', { keyId: OTHER })];
    const user = at('issued', { replacement, history });
    expect(firstLine(user)).toContain('did this for you: …8XYZ replaces …4NOP');
  });

  it('is told until the owner does something', () => {
    expect(firstLine(having(bySam('createKey'), entry('reopen')))).toContain('The old key …4NOP still works');
    expect(firstLine(having(bySam('createKey', { outcome: 'failed' })))).toContain('The old key …4NOP still');
  });

  it('is said in other words where it was no move', () => {
    const due = (what: 'open' | 'assign', owner: Owner = userAt('due').owner) =>
      firstLine(at('due', { history: [bySam(what)] }, { owner }));
    expect(due('open')).toContain('@Sam Admin asked for this key to be replaced now');
    expect(due('assign')).toContain('@Sam Admin made you the owner of this IAM user');
    expect(due('assign', { kind: 'channel', channelId: 'C456' })).toContain('made this channel the owner');
  });
});

describe('the card of an IAM user whose tags name somebody else by now', () => {
  const ownerChange = { to: { kind: 'person', slackId: SAM.id, from: 'ownerTag' } as const, at: NOW };
  const user = userAt('due', { ownerChange });

  it('has no buttons for its owner but the history', () => {
    expect(labels(user)).toEqual(['[ ⋯ ]']);
    expect(read(user)).toContain(
      '│ The tags of this IAM user now name somebody else. An admin decides who owns\n│ it; until then only admins can press.',
    );
    expect(read(user)).not.toContain('You get this because');
    expect(card(user).text).toContain(
      'An admin decides who owns ci-deploy. Its tags now name another owner: an admin decides.',
    );
  });

  it('says so between rotations, too', () => {
    const between = userAt('deleted', { ownerChange });
    expect(read(between)).toContain('The tags of this IAM user now name somebody else.');
    expect(card(between).text).toBe(
      'Done: the old key of ci-deploy is deleted. Its tags now name another owner: an admin decides.',
    );
  });

  it('forgets what the owner was asked', () => {
    const question = { move: 'retire', askedAt: NOW, doubts: [{ kind: 'oldKeyUseUnknown' }] } as const;
    const asked = { ...user, question: { ...question, doubts: [...question.doubts] } };
    expect(labels(asked)).toEqual(['[ ⋯ ]']);
    expect(labels(asked, 'admin')).toContain('[ Turn off anyway ]');
  });

  it('has them for an admin, with both names', () => {
    expect(labels(user, 'admin')).toContain('[ Create new key ]');
    expect(read(user, 'admin')).toContain('now name another owner: @Sam Admin.');
    expect(read(user, 'admin')).toContain('│ Owner: @Ana Lima.');
  });
});

describe('the card of somebody who is not the owner any more', () => {
  const disowned: Owner = { kind: 'nobody', why: 'disowned', named: [ANA.id] };

  it('says so, and has no buttons', () => {
    const user = userAt('due', { owner: disowned });
    expect(asRead(card(user), { notification: true })).toBe(`
│ Notification: No longer yours: the access key of ci-deploy. You said that it
│ is not yours. An admin finds out whose it is; there is nothing left for you
│ to do.
│ No longer yours: the access key of ci-deploy
│ You said that it is not yours. An admin finds out whose it is; there is
│ nothing left for you to do.
│ …4NOP · account prod (1111-2222-3333)
`);
  });

  it.each(['none', 'ambiguous', 'left'] as const)(
    'does not say that they said so when they did not: %s',
    (why) => {
      const user = userAt('issued', { owner: { kind: 'nobody', why, named: [] } });
      expect(words(user)).toContain('An admin looks after it; there is nothing left for you to do.');
      expect(labels(user)).toEqual([]);
    },
  );

  it('still tells how a rotation ended', () => {
    expect(card(userAt('deleted', { owner: disowned })).text).toContain('is deleted');
  });

  it('is a card like any other for an admin', () => {
    const user = userAt('due', { owner: disowned });
    expect(labels(user, 'admin')).toContain('[ Create new key ]');
    expect(read(user, 'admin')).toContain('says that it is not theirs');
  });
});

describe('the card for an admin', () => {
  it('names the owner before the buttons, and does not ask whether it is the admin’s own', () => {
    const user = userAt('due');
    expect(read(user, 'admin')).toMatch(
      /Owner:\s(?:│ )?@Ana Lima\. They are told what you press\s(?:│ )?here\.[^[]*\[ Create/,
    );
    expect(read(user, 'admin')).not.toContain('Not yours?');
    expect(asRead(card(user, 'admin'), { asks: true })).not.toContain('Not mine');
  });

  it('names a channel that owns', () => {
    const user = userAt('due', { owner: { kind: 'channel', channelId: 'C456' } });
    expect(words(user, 'admin')).toContain('Owner: #C456.');
    expect(read(user)).toContain('You get this because an admin named this channel.');
  });

  it('says of others what it says to owners of themselves', () => {
    const history = [entry('confirmMigration')];
    const user = at('confirmed', { history });
    expect(read(user)).toContain('You said that …QJLD has replaced');
    expect(read(user, 'admin')).toContain('@Ana Lima said that …QJLD has replaced');
    expect(read(userAt('confirmed'), 'admin')).toContain('Its owner said that');
  });
});

describe('the first card that somebody gets', () => {
  it('says who writes, why, and where to ask, last and small', () => {
    const first = buildCard(viewOf(userAt('due'), { isFirst: true, helpers: { channel: 'C456' } }));
    expect(asRead(first)).toContain(`
│ [ Create new key ]  [ I don't need this key ]  [ ⋯ ]
│ First time? I am keyrotate, run by your AWS admins. Access keys older than
│ 90 days must be replaced; here you do that step by step, and every step but
│ the last can be undone. I never ask you for a secret.
│ You get this because its owner tag names you. Not yours? Choose Not mine
│ from the menu.
│ Questions? Ask an admin in #C456.
│ Step 1 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
`);
    expect(introduction(60)).toContain('older than 60 days');
    expect(read(userAt('due'))).not.toContain('I am keyrotate');
  });
});

describe('the weekend', () => {
  const doubts = [{ kind: 'weekendAhead' as const }];

  it('is a reason to wait, and nothing more', () => {
    const user = userAt('confirmed', { question: { move: 'deactivate', askedAt: NOW, doubts } });
    expect(read(user)).toContain(`
│ Not turned off yet: …4NOP of ci-deploy would be off over the weekend
│ If something breaks, nobody may be at hand until Monday.
│ If it can wait, press Check again on Monday.
`);
    expect(labels(user)).toContain('[ Turn off anyway ]');
  });

  it('comes after what is in use, with the moment until which to wait', () => {
    const quietAt = Date.parse('2026-11-21T11:00:00Z');
    const use = { kind: 'oldKeyInUse' as const, at: NOW - 2 * HOUR, service: 's3', quietAt };
    const question = { move: 'deactivate' as const, askedAt: NOW, doubts: [use, ...doubts] };
    const text = read(userAt('confirmed', { question }));
    expect(text).toContain('Not turned off yet: …4NOP of ci-deploy is still used');
    expect(text).toContain('• If something breaks, nobody may be at hand until Monday.');
    expect(text).toContain('Find what uses it. Or press Turn it off when quiet: I do it on Nov 23 at');
  });
});
