// What is read when an owner needs more time, takes it, or has opted out.
import { describe, expect, it } from 'vitest';
import { card, labels, words } from './cards.ts';
import { ANA, asRead, at, bySam, MORE_TIME, NOW, SAM, userAt } from './fixtures.ts';
import { HOSTILE, PINGS } from './hostile.ts';

describe('the card of an owner who asked for more time than is theirs to take', () => {
  const user = at('due', { request: MORE_TIME });

  it('says until when, why, and that an admin decides', () => {
    expect(asRead(card(user), { notification: true })).toContain(`
│ You asked for time until Friday, December 4th: The vendor ships a new agent
│ next week
│ An admin decides. Until then nothing changes.
`);
    expect(card(user).text).toBe(
      'Replace the access key of ci-deploy by Friday, November 27th. An admin decides about time until Friday, December 4th.',
    );
    expect(labels(user)).toEqual(['[ Create new key ]', "[ I don't need this key ]", '[ ⋯ ]']);
  });

  it('lets an admin approve or decline, and nobody else', () => {
    expect(labels(user, 'admin').slice(0, 2)).toEqual(['[ Approve ]', '[ Decline ]']);
    expect(words(user, 'admin')).toContain(`@${ANA.id} asked for time until`);
    expect(labels(userAt('due'), 'admin')).not.toContain('[ Approve ]');
  });

  it('says when an admin declined', () => {
    const declined = at('due', { history: [bySam('decline')] });
    expect(asRead(card(declined))).toContain(
      '@Sam Admin declined your request for more time, Nov 20 at 13:00.',
    );
    expect(card(declined).text).toMatch(
      /^An admin declined your request for more time\. Replace the access key/,
    );
    expect(asRead(card(declined, 'admin'))).toContain('@Sam Admin declined the request for more time');
  });
});

describe('the card of a rotation that is put off', () => {
  const approvedBy = { kind: 'person', slackId: SAM.id, as: 'admin' } as const;

  it('says until when, and why, and can go on sooner', () => {
    expect(asRead(card(userAt('postponed')), { notification: true })).toBe(`
│ Notification: Put off until Friday, December 4th: the access key of
│ ci-deploy. It can go on sooner.
│ Put off until Friday, December 4th: the access key of ci-deploy
│ The vendor ships a new agent next week.
│ I do not remind you before then. You can go on sooner.
│ …4NOP · account prod (1111-2222-3333) · last used 2 hours ago: s3, eu-west-1
│ [ Create new key ]  [ I don't need this key ]  [ I need no more time ]
│ [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ Step 1 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
`);
  });

  it('says who approved it, once', () => {
    const text = asRead(card(at('postponed', { approvedBy, history: [bySam('approve')] })));
    expect(text.match(/(?<!Ask @)Sam Admin/g)).toHaveLength(1);
    expect(text).toContain('Approved by @Sam Admin.');
  });

  it('says who asked for it, to anybody else', () => {
    const channel = { kind: 'channel', channelId: 'C456' } as const;
    expect(words(userAt('postponed', { owner: channel }))).toContain(`Asked for by @${ANA.id}.`);
    expect(words(userAt('postponed'), 'admin')).toContain(`Asked for by @${ANA.id}.`);
  });

  it('says when the time is over', () => {
    const history = [bySam('approve'), bySam('wake', { by: { kind: 'keyrotate' } })];
    expect(words(at('due', { history }))).toContain('The time that was agreed on is over.');
  });
});

describe.each(['issued', 'confirmed'] as const)('the card of a key that is being replaced, %s', (stage) => {
  it('says until when there is more time, why, and who approved it', () => {
    const approvedBy = { kind: 'person', slackId: SAM.id, as: 'admin' } as const;
    const user = at(stage, { moreTime: { ...MORE_TIME, approvedBy }, extendedTo: MORE_TIME.until });
    expect(asRead(card(user))).toContain(`
│ More time until Friday, December 4th: The vendor ships a new agent next
│ week. Approved by @Sam Admin.
│ I do not remind you before then.
`);
    expect(card(user).text).toContain('December 4');
    expect(words(user, 'admin')).toContain(`Asked for by @${ANA.id}.`);
    const hostile = at(stage, { moreTime: { ...MORE_TIME, why: HOSTILE } });
    expect(JSON.stringify(card(hostile))).not.toMatch(PINGS);
  });

  it('says no more of it once it is over', () => {
    const over = at(stage, { moreTime: { ...MORE_TIME, until: NOW }, extendedTo: NOW });
    expect(words(over)).not.toContain('More time until');
  });

  it('shows what was asked for to an admin, who may decide', () => {
    const user = at(stage, { request: MORE_TIME });
    expect(words(user)).toContain('You asked for time until');
    expect(card(user).text).toContain('An admin decides about time until Friday, December 4th.');
    expect(labels(user, 'admin').slice(0, 2)).toEqual(['[ Approve ]', '[ Decline ]']);
  });
});

describe('the card of an IAM user that a tag opts out', () => {
  it('says until when, and that there are no reminders', () => {
    const exempt = { kind: 'until', until: Date.parse('2027-01-31T23:59:59.999Z'), why: HOSTILE } as const;
    const text = asRead(card(userAt('due', { exempt: { ...exempt, why: 'vendor contract' } })));
    expect(text).toContain(`
│ Opted out by a tag until Sunday, January 31st: vendor contract. I send no
│ reminders until then.
`);
    expect(JSON.stringify(card(userAt('postponed', { exempt })))).not.toMatch(PINGS);
    expect(words(userAt('due', { exempt: { ...exempt, why: '' } }))).toContain('2027. I send no reminders');
  });

  it('says when the tag counts for nothing', () => {
    expect(words(userAt('due', { exempt: { kind: 'unclear', text: HOSTILE } }))).toContain(
      'names no end date within a year, so it exempts from nothing.',
    );
  });
});
