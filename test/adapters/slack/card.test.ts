// What owners read at each stage, in full: these pages are the documentation of the cards.
import { describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import type { Claim } from '../../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { card, labels, read, words } from './cards.ts';
import { asRead, at, entry, NOW, newKey, oldKey, used, userAt, viewOf } from './fixtures.ts';

describe('the card of a key that is due', () => {
  it('says what, by when, and that nothing breaks yet', () => {
    expect(asRead(card(userAt('due')), { notification: true, asks: true })).toBe(`
│ Notification: Access key ending 4NOP of ci-deploy is 83 days old: rotate it
│ by 27 November. Step 1 of 4: create a new key.
│ Access key ****************4NOP is 83 days old
│ IAM user ci-deploy · account prod (1111-2222-3333) · rotate by Friday,
│ November 27th
│ Last used 2 hours ago: s3, eu-west-1
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ Create new key ]  [ I don't need this key ]  [ ⋯ ]
│ Creating a key changes nothing for the old one: both work until you say so.
│ As AWS had it on Nov 20 at 13:55. You get this because its owner tag names
│ you. Not yours? Choose Not mine from the menu, or ask an admin.
│ [ ⋯ ] I need more time · Not mine
│ “Create new key” asks: Create a second key? A new key is made in AWS, and
│ its secret put where only this IAM user and your readers can fetch it.
│ Nothing breaks: …4NOP works on. You can discard the new key again here.
│ [ Create it ]  [ Not now ]
│ “I don't need this key” asks: Turn off this key? Calls made with …4NOP fail
│ at once, and no new key is made. You can turn it back on here until you
│ delete it, which you can do after 7 days.  [ Turn it off ]  [ Keep it on ]
`);
  });

  it('counts the days when it is late, and names the day itself', () => {
    const aged = (days: number) => at('due', { oldKeyCreatedAt: NOW - days * DAY });
    expect(card(aged(93)).text).toBe(
      'Access key ending 4NOP of ci-deploy is 93 days old: 3 days overdue. Step 1 of 4: create a new key.',
    );
    expect(read(aged(93))).toContain('3 days overdue (was due\n│ by Tuesday, November 17th)');
    expect(card(aged(91)).text).toContain('1 day overdue');
    expect(card(aged(90)).text).toContain('is 90 days old: due today.');
    expect(read(aged(90))).toContain('due today');
  });

  it('never takes silence for disuse', () => {
    expect(read(userAt('due', { keys: [oldKey({ lastUse: { seen: 'unknown' } })] }))).toContain(
      'Use unknown, AWS did not answer',
    );
    expect(read(userAt('due', { keys: [oldKey({ lastUse: { seen: 'never' } })] }))).toContain('Never used');
  });

  it('says so when AWS does not show the key', () => {
    const user = userAt('due', { keys: [] });
    expect(read(user)).toContain('AWS did not show this key when I last looked.');
    expect(labels(user)).toEqual(['[ ⋯ ]']);
  });
});

describe('the card of a key that is being replaced', () => {
  it('gives the lines to copy, and a check that proves something', () => {
    const keys = [
      oldKey({ lastUse: used(10 * MINUTE, 'secretsmanager', 'eu-west-1') }),
      newKey({ lastUse: used(3 * MINUTE, 'sts', 'us-east-1') }),
    ];
    expect(asRead(card(userAt('issued', { keys })), { notification: true, asks: true })).toBe(`
│ Notification: New key ending QJLD is ready; the old key ending 4NOP of
│ ci-deploy still works: due by 27 November. Step 2 of 4: put the new key
│ wherever the old one is used.
│ New key …QJLD is ready; the old key …4NOP still works.
│ IAM user ci-deploy · account prod (1111-2222-3333) · rotate by Friday,
│ November 27th
│ 1. Fetch it with the old key's profile, or open it in the AWS console
│    (https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=%2Fiam%2Fkeys%2F111122223333%2Fci-deploy%2FAIDAEXAMPLE&region=eu-west-1):
│     aws secretsmanager get-secret-value --region eu-west-1 --profile
│     YOUR_OLD_PROFILE --secret-id
│     /iam/keys/111122223333/ci-deploy/AIDAEXAMPLE --version-id
│     7d3c1c4e-8f0a-5d0e-9d0a-0f3b5a1c2d3e --query SecretString --output text
│ 2. Put it wherever the old key is used.
│ 3. Check there: the access key in aws configure list must end in QJLD. (aws
│    sts get-caller-identity prints the same for both keys and proves
│    nothing.)
│ ☑ Secret fetched: yes
│ ☐ New key used: not yet, tested 3 minutes ago: sts, us-east-1
│ ☐ Old key quiet for 24 hours: not yet, last used 10 minutes ago:
│ secretsmanager, eu-west-1 (probably you, fetching the new key)
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ I replaced it everywhere ]  [ Discard new key ]  [ ⋯ ]
│ As AWS had it on Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine
│ “Discard new key” asks: Discard the new key? The new key …QJLD is deleted
│ for good: this cannot be undone, and calls made with it fail at once. The
│ old key …4NOP stays on.  [ Discard it ]  [ Keep it ]
`);
  });

  it('says where the SMTP password is when the old key sent mail through SES, also after it has fetched the new one', () => {
    const evidence = [oldKey({ lastUse: used(HOUR, 'ses', 'eu-west-1') })];
    const keys = [oldKey({ lastUse: used(MINUTE, 'secretsmanager', 'eu-west-1') }), newKey()];
    const user = at('issued', { history: [entry('createKey', { evidence })] }, { keys });
    expect(read(user)).toMatch(
      /It sends mail through SES in\n│ {4}eu-west-1: .*\n│ {4}password is SmtpPassword/s,
    );
    expect(read(at('issued', { history: [entry('createKey')] }, { keys }))).not.toContain('SES');
  });

  it('shows both keys at work before the old one is turned off', () => {
    expect(asRead(card(userAt('confirmed')), { notification: true, asks: true })).toBe(`
│ Notification: Old key ending 4NOP of ci-deploy can be turned off: due by 27
│ November. Step 3 of 4: turn off the old key.
│ Turn off the old key …4NOP? You said that the new key …QJLD has replaced it
│ everywhere.
│ IAM user ci-deploy · account prod (1111-2222-3333) · rotate by Friday,
│ November 27th
│ ☑ Secret fetched: yes
│ ☑ New key used: yes, last used 3 minutes ago: s3
│ ☑ Old key quiet for 24 hours: yes, last used 1 day ago: s3
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ Turn off the old key ]  [ Turn it off when quiet ]  [ Not yet, go back ]
│ [ ⋯ ]
│ Turning off breaks whatever still uses the old key, and can be undone here
│ until it is deleted. As AWS had it on Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine
│ “Turn off the old key” asks: Turn off the old key? Calls made with …4NOP
│ fail at once. You can turn it back on here until you delete it, which you
│ can do after 7 days.  [ Turn it off ]  [ Keep it on ]
`);
  });

  it('says when the old key is off already', () => {
    const keys = [oldKey({ status: 'Inactive' }), newKey()];
    const user = userAt('issued', { keys });
    expect(read(user)).toContain('the old key …4NOP is off in AWS.');
    expect(labels(user)).toEqual(['[ I replaced it everywhere ]', '[ ⋯ ]']);
  });
});

describe('the card with a question', () => {
  it('spells out the doubts, and takes "anyway" only after them', () => {
    const user = userAt('confirmed', {
      keys: [oldKey(), newKey()],
      question: {
        move: 'deactivate',
        askedAt: NOW,
        doubts: [
          { kind: 'oldKeyInUse', at: NOW - 35 * MINUTE, service: 's3', region: 'eu-west-1' },
          { kind: 'newKeyNeverUsed' },
        ],
      },
    });
    const text = asRead(card(user), { notification: true, asks: true });
    expect(text).toContain(`
│ Notification: IAM user ci-deploy: nothing was changed. Something still uses
│ the old key …4NOP. Check again, or decide.
│ Something still uses the old key …4NOP, so nothing was changed.
│ • The old key …4NOP was used 35 minutes ago: s3, eu-west-1. Whatever uses it
│   breaks when it is turned off.
│ • The new key …QJLD has not been used yet. If nobody has fetched it, the old
│   key may be the only way to get it.
│ Find what uses it. Or press Turn it off when quiet: I do it on Nov 23 at
│ 10:00 if nothing uses it until then, and you can take that back.
│ Turn off the old key …4NOP? You said that the new key …QJLD has replaced it
│ everywhere.
`);
    expect(labels(user)).toEqual([
      ...['[ Turn it off when quiet ]', '[ Check again ]', '[ Turn off anyway ]'],
      ...['[ Not yet, go back ]', '[ ⋯ ]'],
    ]);
    expect(text).toContain(`
│ “Turn off anyway” asks: Turn off a key that may be in use? Whatever still
│ uses …4NOP fails at once. You can turn it back on here until you delete it,
│ which you can do after 7 days.  [ Turn it off anyway ]  [ Keep it on ]
`);
  });

  it('asks before a key in use is discarded, and keeps everything else', () => {
    const user = userAt('issued', {
      question: {
        move: 'discardNewKey',
        askedAt: NOW,
        doubts: [{ kind: 'newKeyInUse', at: NOW - HOUR, service: 'ecr' }],
      },
    });
    expect(read(user)).toContain('Something already uses the new key …QJLD, so nothing was changed.');
    expect(labels(user)).toEqual([
      '[ I replaced it everywhere ]',
      '[ Check again ]',
      '[ Discard anyway ]',
      '[ ⋯ ]',
    ]);
    expect(read(user)).toContain('aws secretsmanager get-secret-value');
  });

  it('tells how to overcome each kind of doubt', () => {
    const asking = (doubt: 'newKeyNeverUsed' | 'oldKeyUseUnknown') =>
      read(
        userAt('confirmed', { question: { move: 'deactivate', askedAt: NOW, doubts: [{ kind: doubt }] } }),
      );
    expect(asking('newKeyNeverUsed')).toContain('Try the new key out');
    expect(asking('oldKeyUseUnknown')).toContain('AWS may answer in some minutes');
  });

  it('forgets a question about a move that is no longer possible', () => {
    const user = userAt('due', {
      keys: [],
      question: { move: 'retire', askedAt: NOW, doubts: [{ kind: 'oldKeyUseUnknown' }] },
    });
    expect(labels(user)).toEqual(['[ ⋯ ]']);
    expect(card(user).text).toContain('is 83 days old');
  });
});

describe('the card of a key that is off', () => {
  it('offers the way back, and says from when there will be none', () => {
    expect(asRead(card(userAt('deactivated')), { notification: true })).toBe(`
│ Notification: Old key ending 4NOP of ci-deploy is off. Turn it back on if
│ anything broke; it can be deleted from 26 November. Step 4 of 4: delete the
│ old key.
│ Old key …4NOP is off since Nov 19 at 14:00. Anything broken? Turn it back
│ on; nothing is lost.
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ New key …QJLD: last used 3 minutes ago: s3
│ It can be deleted from Thursday, November 26th on.
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ Turn it back on ]
│ As AWS had it on Nov 20 at 13:55.
`);
  });

  it('offers deletion after the grace period, and says that it is final', () => {
    expect(asRead(card(at('deactivated', { offSince: NOW - 7 * DAY })), { asks: true })).toContain(`
│ It can be deleted now. After that there is no way back.
│ ① Create → ② Migrate → ③ Turn off → ④ Delete
│ [ Delete for good ]  [ Turn it back on ]
│ As AWS had it on Nov 20 at 13:55.
│ “Delete for good” asks: Delete the key for good? …4NOP is removed from AWS.
│ This cannot be undone: nobody can turn it back on afterwards.
│ [ Delete for good ]  [ Keep it, off ]
`);
  });

  it('knows two steps when nobody wanted a new key', () => {
    expect(asRead(card(at('retired', { offBy: 'outside' as const })), { notification: true })).toBe(`
│ Notification: Access key ending 4NOP of ci-deploy is off. Turn it back on if
│ anything broke; it can be deleted from 26 November. Step 2 of 2: delete the
│ key.
│ Key …4NOP is off since Nov 19 at 14:00. Somebody turned it off in AWS.
│ Anything broken? Turn it back on; nothing is lost.
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ Nothing replaces it. Is a new key needed after all? Press Create new key.
│ It can be deleted from Thursday, November 26th on.
│ ① Turn off → ② Delete
│ [ Turn it back on ]  [ Create new key ]
│ As AWS had it on Nov 20 at 13:55.
`);
  });

  it('notices that somebody turned it on again, and does not offer to delete it', () => {
    const user = at('deactivated', { offSince: NOW - 30 * DAY }, { keys: [oldKey(), newKey()] });
    expect(read(user)).toContain('Somebody turned it on again in AWS.');
    expect(labels(user)).toEqual(['[ Turn it back on ]']);
  });
});

describe('the card of a rotation that is over', () => {
  it('says what is gone, what works, and when the next change is', () => {
    expect(asRead(card(userAt('deleted')), { notification: true })).toBe(`
│ Notification: Done: old key ending 4NOP of ci-deploy is deleted.
│ Done. The old key …4NOP is deleted. The new key …QJLD is on; rotate it by
│ Thursday, February 18th.
│ IAM user ci-deploy · account prod (1111-2222-3333)
│ As AWS had it on Nov 20 at 13:55.
`);
  });

  it('says when somebody else deleted the key', () => {
    expect(words(userAt('resolved'))).toContain(
      'Done. Somebody deleted the key …4NOP in AWS. Nothing replaces it.',
    );
  });

  it('does not claim more about the new key than AWS shows', () => {
    expect(words(userAt('deleted', { keys: [] }))).toContain('AWS does not show the new key …QJLD');
    const keys = [newKey({ status: 'Inactive' })];
    expect(words(userAt('deleted', { keys }))).toContain('The new key …QJLD is off in AWS.');
  });
});

describe('any card', () => {
  it('has no buttons while a move is under way', () => {
    const claim: Claim = {
      ...{ jobId: 'j1', move: 'createKey', at: NOW, leaseUntil: NOW + MINUTE, knownKeyIds: [] },
      actor: { kind: 'person', slackId: 'U0ANA', as: 'owner' },
    };
    const user = userAt('due', { claim });
    expect(labels(user)).toEqual([]);
    expect(read(user)).toContain(
      'Working on it: Create new key. This message changes as soon as it is done.',
    );
    expect(card(user).text).toBe('Working on it for IAM user ci-deploy: Create new key.');
  });

  it('says where to ask, when there is such a place', () => {
    const blocks = JSON.stringify(buildCard(viewOf(userAt('due'), { helpChannel: 'C456' })).blocks);
    expect(blocks).toContain('or ask an admin in <#C456>.');
  });

  it('gives the new key’s address in the console of its own partition', () => {
    const link = (region: string) =>
      JSON.stringify(buildCard(viewOf(userAt('issued'), { region })).blocks).match(/<https:[^|]+/)?.[0];
    expect(link('eu-west-1')).toBe(
      '<https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=%2Fiam%2Fkeys%2F111122223333%2Fci-deploy%2FAIDAEXAMPLE&amp;region=eu-west-1',
    );
    expect(link('cn-north-1')).toContain('https://cn-north-1.console.amazonaws.cn/');
    expect(link('us-gov-west-1')).toContain('https://us-gov-west-1.console.amazonaws-us-gov.com/');
    expect(link('eusc-de-east-1')).toContain('https://eusc-de-east-1.console.amazonaws-eusc.eu/');
  });

  it('says nothing of a rotation that is not there', () => {
    const { rotation: _, ...user } = userAt('due');
    expect(card(user).text).toBe('Nothing to do. IAM user `ci-deploy` · account prod (1111-2222-3333).');
  });
});
