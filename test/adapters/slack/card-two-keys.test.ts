// What owners read when there are two keys already: evidence for both, a button for each answer, and nothing preselected.
import { describe, expect, it } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { card, labels, read, words } from './cards.ts';
import { ANA, asRead, at, NOW, newKey, OTHER, oldKey, SAM, used, userAt } from './fixtures.ts';

const other = newKey({ id: OTHER, createdAt: NOW - 12 * DAY, lastUse: used(5 * MINUTE, 'ecr') });
const off = { ...other, status: 'Inactive' as const };
const byAna = { kind: 'person', slackId: ANA.id, as: 'owner' } as const;

describe('the card of a user with two keys', () => {
  it('shows evidence for both, and a button for each answer', () => {
    expect(
      asRead(card(userAt('due', { keys: [oldKey(), other] })), { notification: true, asks: true }),
    ).toBe(`
│ Notification: Decide on the two keys of ci-deploy by Friday, November 27th.
│ AWS allows two at most, so one must go first. Nothing changes until you
│ decide.
│ Decide on the two keys of ci-deploy by Friday, November 27th
│ The limit is 90 days, and AWS allows no third key: one of these two must go
│ first. Nothing changes until you decide.
│ • …4NOP: 83 days old, last used 2 hours ago: s3, eu-west-1
│ • …8XYZ: 12 days old, last used 5 minutes ago: ecr
│ Which is true?
│ …8XYZ is meant to replace …4NOP. I guide you; nothing changes yet.
│ [ …8XYZ replaces …4NOP ]
│ Nobody uses …4NOP any more. You can turn it back on until you delete it.
│ [ Turn off …4NOP ]
│ Two different applications use them. One of them needs its own IAM user; I
│ show how.
│ [ Both are needed ]
│ [ ⋯ ]
│ You get this because its owner tag names you. Not yours? Choose Not mine
│ from the menu.
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 1 of 4: Decide → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine · History
│ “Turn off …4NOP” asks: Turn off this key? Calls made with …4NOP fail at
│ once, and no new key is made. Last used Nov 20, 2026 at 11:00 UTC: s3. You
│ can turn it back on here until you delete it, which you can do after 7 days.
│ [ Turn it off ]  [ Keep it on ]
`);
  });

  it('tells of every key where AWS let a third one through, and how to deal with any of them', () => {
    const third = newKey({ id: 'AKIATHIRDTHIRDTHIRDX', createdAt: NOW - 2 * DAY });
    const told = words(userAt('due', { keys: [third, other, oldKey()] }));
    expect(told).toContain('There are 3 keys, although AWS allows two: all but one must go');
    expect(told).toContain('as in /keyrotate rotate ci-deploy IRDX.');
    for (const name of ['…4NOP: 83 days old', '…8XYZ: 12 days old', '…IRDX: 2 days old'])
      expect(told).toContain(name);
    expect(labels(userAt('due', { keys: [third, other, oldKey()] }))).toContain('[ …8XYZ replaces …4NOP ]');
  });

  it('offers to begin with the other one only when that is due, too', () => {
    const user = userAt('due', { keys: [oldKey(), { ...other, createdAt: NOW - 80 * DAY }] });
    expect(labels(user)).toContain('[ Start with …8XYZ ]');
    expect(read(user)).toContain('…8XYZ is the one to replace first.');
  });

  it('offers to remove the other one only when it is off', () => {
    const user = userAt('due', { keys: [oldKey(), off] });
    expect(labels(user)).toEqual(["[ I don't need this key ]", '[ Remove …8XYZ to make room ]', '[ ⋯ ]']);
    expect(read(user)).toContain('• …8XYZ: 12 days old, off, last used 5 minutes ago: ecr');
    expect(read(user)).toContain('Nobody needs …8XYZ: it is off. Removing it is for good; you are asked');
  });

  it('asks twice before it removes one, by its name and with what is known of it', () => {
    const user = userAt('due', {
      keys: [oldKey(), off],
      question: { move: 'clearSlot', askedAt: NOW, doubts: [{ kind: 'removesForGood', keyId: OTHER }] },
    });
    expect(card(user).text).toBe(
      'Not removed: …8XYZ of ci-deploy would be gone for good. Keep it, or decide.',
    );
    expect(asRead(card(user), { asks: true })).toContain(`
│ Not removed: …8XYZ of ci-deploy would be gone for good
│ …8XYZ is 12 days old, off, last used 5 minutes ago: ecr. Once it is removed,
│ nobody can bring it back.
│ Remove it only if you know that nobody needs it.
`);
    expect(labels(user)).toEqual([
      "[ I don't need this key ]",
      '[ Keep it ]',
      '[ Remove …8XYZ for good ]',
      '[ ⋯ ]',
    ]);
    expect(words(user)).toContain('…8XYZ is deleted in AWS. This cannot be undone');
    expect(read(user)).not.toContain('to make room');
  });

  it('tells how to part two applications, once it is known that both keys are needed', () => {
    const user = at('due', { bothNeeded: { at: NOW, by: byAna } }, { keys: [oldKey(), other] });
    expect(read(user)).toContain(`
│ Give one application of ci-deploy its own IAM user by Friday, November 27th
│ Both keys are needed, so one application needs an IAM user of its own.
│ Admins know.
│ • …4NOP: 83 days old, last used 2 hours ago: s3, eu-west-1
│ • …8XYZ: 12 days old, last used 5 minutes ago: ecr
│ 1. Create a second IAM user with the same permissions, and a key for it.
│ 2. Move the application that uses …4NOP over to that key.
│ 3. Then turn off …4NOP here.
`);
    expect(card(user).text).toContain('Both its keys are needed, and AWS allows no third.');
    expect(labels(user)).toEqual(['[ …8XYZ replaces …4NOP ]', '[ Turn off …4NOP ]', '[ ⋯ ]']);
  });

  it('has the ordinary advice again when one of two needed keys was turned off', () => {
    expect(read(at('due', { bothNeeded: { at: NOW, by: byAna } }, { keys: [oldKey(), off] }))).toContain(
      'to make room',
    );
  });

  it('decides between them also while it is put off', () => {
    const user = userAt('postponed', { keys: [oldKey(), other] });
    expect(labels(user)).toEqual([
      '[ …8XYZ replaces …4NOP ]',
      '[ Turn off …4NOP ]',
      '[ I need no more time ]',
      '[ ⋯ ]',
    ]);
    expect(read(user)).not.toContain('Start with');
  });
});

describe('the card of a user with a key whose secret nobody has', () => {
  const stray = newKey({ id: OTHER });

  it('says what it is, with evidence, and offers to remove it', () => {
    const user = userAt('due', { keys: [oldKey(), stray], stranded: [OTHER] });
    expect(read(user)).toContain(`
│ :warning: Key …8XYZ came into being while I was creating one, and I did not
│ store its secret. Probably nobody can use it: it is less than a day old,
│ never used. If nobody you know made it, remove it. You are asked once more.
│ [ Remove …8XYZ ]
`);
    expect(labels(user)).toEqual(['[ Remove …8XYZ ]', '[ Turn off …4NOP ]', '[ ⋯ ]']);
    const asked = 'I could not store the secret of …8XYZ: remove it from ci-deploy by Friday, November 27th';
    expect(read(user)).toContain(
      `\n│ I could not store the secret of …8XYZ: remove it from ci-deploy by Friday,\n│ November 27th\n`,
    );
    expect(card(user).text).toBe(
      `${asked}. AWS allows two keys at most, so it goes before I make another. …4NOP is as it was.`,
    );
    expect(read(user)).not.toContain('is meant to replace');
  });

  it('leaves it to an admin where there is no button for it', () => {
    const stranded = { stranded: [OTHER], changedAt: NOW - MINUTE };
    for (const user of [userAt('due', stranded), userAt('deleted', stranded)]) {
      expect(words(user)).toContain(`ask @${SAM.id} to delete it in AWS. I do not touch it.`);
    }
  });

  it('asks twice before it is removed', () => {
    const user = userAt('due', {
      keys: [oldKey(), stray],
      stranded: [OTHER],
      question: { move: 'discardStranded', askedAt: NOW, doubts: [{ kind: 'removesForGood', keyId: OTHER }] },
    });
    expect(labels(user)).toEqual(['[ Turn off …4NOP ]', '[ Keep it ]', '[ Remove …8XYZ for good ]', '[ ⋯ ]']);
  });
});

describe('the card of a key that another, older than the rotation, replaces', () => {
  const replacement = { kind: 'adopted', keyId: OTHER } as const;
  const user = at('issued', { replacement }, { keys: [oldKey(), other] });

  it('has nothing to fetch', () => {
    expect(asRead(card(user), { notification: true, asks: true })).toBe(`
│ Notification: Use …8XYZ instead of …4NOP for ci-deploy by Friday, November
│ 27th. …4NOP still works: nothing breaks until you say so.
│ Use …8XYZ instead of …4NOP for ci-deploy by Friday, November 27th
│ The old key …4NOP still works: nothing breaks until you say so.
│ 1. Get it from where it is used already: I did not make it, and do not have
│    its secret.
│ 2. Put it wherever the old key is used.
│ 3. Check there: the access key in aws configure list must end in 8XYZ.
│ ☑ New key used: yes, last used 5 minutes ago: ecr
│ ☐ Old key quiet for 24 hours: not yet, last used 2 hours ago: s3, eu-west-1
│ [ I replaced it everywhere ]  [ Not the replacement, go back ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 2 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine · History
`);
  });

  it('reminds of where the key was replaced last time', () => {
    const usedAt = { text: 'GitHub `org/app`\n web-1, web-2.\n', at: NOW - 90 * DAY, by: ANA.id };
    expect(words({ ...user, usedAt })).toContain("Last time that was: GitHub 'org/app', web-1, web-2.");
    expect(words(userAt('issued', { usedAt }))).toContain(
      "2. Put it wherever the old key is used. Last time that was: GitHub 'org/app', web-1, web-2.",
    );
  });
});

describe('the card of a new key', () => {
  const unknown = { seen: 'unknown' } as const;
  const tickOf = (what: string, changes: Partial<IamUser>) =>
    read(userAt('issued', changes)).match(new RegExp(`│ (. ${what}.*)`))?.[1];

  it('says on which day its secret was last opened, by whomever', () => {
    const today = Date.parse('2026-11-20T00:00:00Z');
    const ticked = '☑ Secret fetched: yes, last opened on Nov 20';
    expect(tickOf('Secret', { secretOpenedOn: today })).toBe(ticked);
  });

  it('does not take an opening before its time for one of its own', () => {
    const before = Date.parse('2026-11-19T00:00:00Z');
    for (const changes of [{}, { secretOpenedOn: before }])
      expect(tickOf('Secret', changes)).toBe('☐ Secret fetched: not yet, as far as AWS shows');
  });

  it('was fetched for sure once it was tested, and is not in use by that', () => {
    const keys = [oldKey(), newKey({ lastUse: used(HOUR, 'sts') })];
    expect(tickOf('Secret', { keys })).toBe('☑ Secret fetched: yes');
    expect(tickOf('New key', { keys })).toMatch(/^☐ New key used: not yet, tested/);
  });

  it('is not called unused while AWS does not answer', () => {
    const keys = [oldKey({ lastUse: unknown }), newKey({ lastUse: unknown })];
    expect(tickOf('New key', { keys })).toBe('☐ New key used: use unknown, AWS did not answer');
    expect(tickOf('Old key', { keys })).toMatch(/^☐ Old key quiet for 24 hours: use unknown/);
  });

  it('asks for days of quiet where the user was once quiet for days', () => {
    expect(tickOf('Old key', { longestSilence: 7 * DAY })).toMatch(/^☐ Old key quiet for 14 days: not yet/);
  });
});
