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

/** The line after the frame's beginning. */
const firstLine = (user: IamUser, as?: Role) => read(user, as).split('\n')[1];
const offKeys = [oldKey({ status: 'Inactive' }), newKey({ status: 'Inactive' })];

describe('a change made past keyrotate', () => {
  it('is the first thing that is said, and in the notification', () => {
    const user = at('retired', { offBy: 'outside' as const, history: [sighting('oldKeyOff')] });
    expect(card(user).text).toMatch(
      /^Somebody turned the key ending 4NOP off in AWS\. Access key ending 4NOP/,
    );
    expect(read(user)).toContain('│ Somebody turned …4NOP off in AWS.\n│ Key …4NOP is off since Nov 19');
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
    expect(firstLine(at('due', { history }))).toContain('Access key');
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
│ Notification: Old key ending 4NOP of ci-deploy is off. The new key is off,
│ too: nothing works. Turn the old key back on first.
│ :rotating_light: The new key …QJLD is off, too: nothing works for this IAM
│ user. Turn the old key back on first.
│ Old key …4NOP is off since Nov 11 at 14:00. Anything broken? Turn it back
│ on; nothing is lost.
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ Turn it back on ]
│ As AWS had it on Nov 20 at 13:55.
`);
    const gone = at('deactivated', rotation, { keys: [oldKey({ status: 'Inactive' })] });
    expect(read(gone)).toContain('The new key …QJLD is gone: nothing works for this IAM user.');
    expect(card(gone).text).toContain('The new key is gone: nothing works.');
  });

  it('that removes or renames the IAM user ends its rotation', () => {
    const user = at('resolved', { history: [sighting('userGone')] });
    expect(card(user).text).toBe('Done: IAM user ci-deploy is gone, or has another name now.');
    expect(words(user)).toContain('Done. The IAM user is gone, or has another name now:');
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
    expect(card(user).text).toMatch(/^An admin did this for you: Create new key\. New key/);
  });

  it('names the keys that it was about', () => {
    const replacement = { kind: 'adopted', keyId: OTHER } as const;
    const history = [bySam('adopt', { keyId: OTHER })];
    const user = at('issued', { replacement, history });
    expect(firstLine(user)).toContain('did this for you: …8XYZ replaces …4NOP');
  });

  it('is told until the owner does something', () => {
    expect(firstLine(having(bySam('createKey'), entry('reopen')))).toContain('New key');
    expect(firstLine(having(bySam('createKey', { outcome: 'failed' })))).toContain('New key');
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

  it('has no buttons for its owner', () => {
    expect(labels(user)).toEqual([]);
    expect(read(user)).toContain(
      '│ The tags of this IAM user now name somebody else. An admin decides who owns\n│ it; until then only admins can press.',
    );
    expect(read(user)).not.toContain('You get this because');
    expect(card(user).text).toContain('An admin decides first who owns it.');
  });

  it('says so between rotations, too', () => {
    const between = userAt('deleted', { ownerChange });
    expect(read(between)).toContain('An admin decides who owns');
    expect(card(between).text).toContain('now name another owner: an admin decides who owns it.');
  });

  it('forgets what the owner was asked', () => {
    const question = { move: 'retire', askedAt: NOW, doubts: [{ kind: 'oldKeyUseUnknown' }] } as const;
    const asked = { ...user, question: { ...question, doubts: [...question.doubts] } };
    expect(labels(asked)).toEqual([]);
    expect(labels(asked, 'admin')).toContain('[ Turn off anyway ]');
  });

  it('has them for an admin, with both names', () => {
    expect(labels(user, 'admin')).toContain('[ Create new key ]');
    expect(read(user, 'admin')).toContain('now name another owner: @Sam Admin.');
    expect(firstLine(user, 'admin')).toContain('Owner: @Ana Lima.');
  });
});

describe('the card of somebody who is not the owner any more', () => {
  const disowned: Owner = { kind: 'nobody', why: 'disowned', named: [ANA.id] };

  it('says so, and has no buttons', () => {
    const user = userAt('due', { owner: disowned });
    expect(asRead(card(user), { notification: true })).toBe(`
│ Notification: IAM user ci-deploy: you said that this is not yours. An admin
│ finds out whose it is; there is nothing left for you to do.
│ Access key …4NOP: you said that this is not yours. An admin finds out whose
│ it is; there is nothing left for you to do.
│ IAM user ci-deploy · account prod (1111-2222-3333)
`);
  });

  it.each(['none', 'ambiguous', 'left'] as const)(
    'does not say that they said so when they did not: %s',
    (why) => {
      const user = userAt('issued', { owner: { kind: 'nobody', why, named: [] } });
      expect(words(user)).toContain('this is no longer yours. An admin looks after it');
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
  it('names the owner first, and does not ask whether it is the admin’s own', () => {
    const user = userAt('due');
    expect(firstLine(user, 'admin')).toBe('│ Owner: @Ana Lima. They are told what you press here.');
    expect(read(user, 'admin')).not.toContain('Not yours?');
    expect(asRead(card(user, 'admin'), { asks: true })).not.toContain('Not mine');
  });

  it('names a channel that owns', () => {
    const user = userAt('due', { owner: { kind: 'channel', channelId: 'C456' } });
    expect(firstLine(user, 'admin')).toContain('Owner: #C456.');
    expect(read(user)).toContain('You get this because an admin named this\n│ channel.');
  });

  it('says of others what it says to owners of themselves', () => {
    const history = [entry('confirmMigration')];
    const user = at('confirmed', { history });
    expect(read(user)).toContain('You said that the new key');
    expect(read(user, 'admin')).toContain('@Ana Lima said that the new key');
    expect(read(userAt('confirmed'), 'admin')).toContain('Its owner said that');
  });
});

describe('the first card that somebody gets', () => {
  it('says who writes, why, and where to ask', () => {
    const first = buildCard(viewOf(userAt('due'), { isFirst: true, helpChannel: 'C456' }));
    expect(asRead(first)).toContain(`
│ I am keyrotate, run by your AWS admins. Access keys older than 90 days must
│ be replaced; here you do that step by step, and every step but the last can
│ be undone. I never ask you for a secret. Questions? Ask an admin in #C456.
│ Access key ****************4NOP is 83 days old
`);
    expect(introduction(60)).toContain('older than 60 days');
    expect(introduction(60)).toMatch(/Ask an admin\.$/);
    expect(read(userAt('due'))).not.toContain('I am keyrotate');
  });
});

describe('the weekend', () => {
  const doubts = [{ kind: 'weekendAhead' as const }];

  it('is a reason to wait, and nothing more', () => {
    const user = userAt('confirmed', { question: { move: 'deactivate', askedAt: NOW, doubts } });
    expect(read(user)).toContain(`
│ The weekend is near, so nothing was changed.
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
    expect(text).toContain('Something still uses the old key …4NOP, so nothing was changed.');
    expect(text).toContain('• If something breaks, nobody may be at hand until Monday.');
    expect(text).toContain('Find what uses it. Or press Turn it off when quiet: I do it on Nov 23 at');
  });
});
