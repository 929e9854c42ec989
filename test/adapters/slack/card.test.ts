// What owners read at each stage, in full: these pages are the documentation of the cards.
import { describe, expect, it } from 'vitest';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import type { Claim, IamUser } from '../../../src/domain/iam-user.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts';
import { card, labels, read, words } from './cards.ts';
import {
  ANA,
  asRead,
  at,
  entry,
  NEW,
  NOW,
  newKey,
  OLD,
  oldKey,
  used,
  userAt,
  viewOf,
  wordsOf,
} from './fixtures.ts';

describe('the card of a key that is due', () => {
  it('says what, by when, and that nothing breaks yet', () => {
    expect(asRead(card(userAt('due')), { notification: true, asks: true })).toBe(`
│ Notification: Replace the access key of ci-deploy by Friday, November 27th.
│ It is 83 days old. Nothing breaks until you say so.
│ Replace the access key of ci-deploy by Friday, November 27th
│ It is 83 days old; the limit is 90 days. I make the new key, you put it
│ where the old one is used. Nothing breaks until you say so.
│ …4NOP · account prod (1111-2222-3333) · last used 2 hours ago: s3, eu-west-1
│ [ Create new key ]  [ I don't need this key ]  [ ⋯ ]
│ You get this because its owner tag names you. Not yours? Choose Not mine
│ from the menu.
│ Questions? Ask @Sam Admin.
│ Step 1 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine · History
│ “I don't need this key” asks: Turn off this key? Calls made with …4NOP fail
│ at once, and no new key is made. Last used Nov 20, 2026 at 11:00 UTC: s3.
│ You can turn it back on here until you delete it, which you can do after 7
│ days.  [ Turn it off ]  [ Keep it on ]
`);
  });

  it('says in words of its own when that is today, or was', () => {
    const aged = (days: number) => at('due', { oldKeyCreatedAt: NOW - days * DAY });
    const header = (user: IamUser) => read(user).split('\n')[1];
    expect(header(aged(90))).toBe('│ Replace the access key of ci-deploy today');
    expect(header(aged(91))).toBe('│ Replace the access key of ci-deploy now (1 day overdue)');
    expect(header(aged(93))).toBe('│ Replace the access key of ci-deploy now (3 days overdue)');
    expect(card(aged(93)).text).toBe(
      'Replace the access key of ci-deploy now (3 days overdue). It is 93 days old. Nothing breaks until you say so.',
    );
  });

  it('says who can fetch a new key while the old one is off', () => {
    const user = userAt('due', { keys: [oldKey({ status: 'Inactive' })] });
    expect(words(user)).toContain('only the readers of secrets can fetch a new key while this one is off.');
    expect(words(user)).not.toContain('I make the new key');
  });

  it('never takes silence for disuse', () => {
    expect(read(userAt('due', { keys: [oldKey({ lastUse: { seen: 'unknown' } })] }))).toContain(
      '· use unknown, AWS did not answer',
    );
    expect(read(userAt('due', { keys: [oldKey({ lastUse: { seen: 'never' } })] }))).toContain('· never used');
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
│ Notification: New key …QJLD of ci-deploy is ready: use it by Friday,
│ November 27th. …4NOP still works: nothing breaks until you say so.
│ New key …QJLD of ci-deploy is ready: use it by Friday, November 27th
│ The old key …4NOP still works: nothing breaks until you say so.
│ 1. Fetch it with the old key's profile, into a file that only you can read,
│    or open it in the AWS console
│    (https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=%2Fiam%2Fkeys%2F111122223333%2Fci-deploy%2FAIDAEXAMPLE&region=eu-west-1):
│     (umask 077; aws secretsmanager get-secret-value --region eu-west-1
│     --profile YOUR_OLD_PROFILE --secret-id
│     /iam/keys/111122223333/ci-deploy/AIDAEXAMPLE --version-id
│     7d3c1c4e-8f0a-5d0e-9d0a-0f3b5a1c2d3e --query SecretString --output text
│     > ~/.aws/new-key-of-ci-deploy.json)
│ 2. Put it wherever the old key is used. Then delete that file.
│ 3. Check there: the access key in aws configure list must end in QJLD. (aws
│    sts get-caller-identity prints the same for both keys and proves
│    nothing.)
│ ☑ Secret fetched: yes
│ ☐ New key used: not yet, tested 3 minutes ago: sts, us-east-1
│ ☐ Old key quiet for 24 hours: not yet, last used 10 minutes ago:
│ secretsmanager, eu-west-1 (probably you, fetching the new key)
│ [ I replaced it everywhere ]  [ Discard new key ]  [ Show me how… ▾ ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 2 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ Show me how… ▾ ] ~/.aws · credential_process · GitHub Actions · GitLab CI
│ · Terraform · Docker · Kubernetes · Windows (PowerShell)
│ [ ⋯ ] I need more time · Not mine · History
│ “Discard new key” asks: Discard the new key? The new key …QJLD is deleted
│ for good: this cannot be undone, and calls made with it fail at once. The
│ old key …4NOP stays on.  [ Discard it ]  [ Keep it ]
`);
  });

  it('says where the SMTP password is when the old key sent mail through SES, also after it has fetched the new one', () => {
    const evidence = [oldKey({ lastUse: used(HOUR, 'ses', 'eu-west-1') })];
    const keys = [oldKey({ lastUse: used(MINUTE, 'secretsmanager', 'eu-west-1') }), newKey()];
    const history = [entry('createKey', { evidence })];
    const replacement = { kind: 'created', keyId: NEW, vaultVersion: 'version-1' } as const;
    const stored = { ...replacement, mailRegion: 'eu-west-1' };
    expect(read(at('issued', { history, replacement: stored }, { keys }))).toMatch(
      /It sends mail through SES in\n│ {4}eu-west-1: .*\n│ {4}password is SmtpPassword, stored beside it\. Then delete that file\./s,
    );
    // Made before there was such a password, whatever the key did then.
    expect(read(at('issued', { history, replacement }, { keys }))).not.toContain('SmtpPassword');
  });

  it('asks to go on, by when, and for nothing that is done once AWS shows all of it', () => {
    const keys = [oldKey({ lastUse: used(26 * HOUR) }), newKey({ lastUse: used(3 * MINUTE) })];
    expect(asRead(card(userAt('issued', { keys })), { notification: true })).toBe(`
│ Notification: Go on with ci-deploy by Friday, November 27th: the new key is
│ in use, the old one quiet. Press I replaced it everywhere, if that is so.
│ Go on with ci-deploy by Friday, November 27th: the new key is in use, the
│ old one quiet
│ The old key …4NOP still works: nothing breaks until you say so.
│ If the new key is in place everywhere, press I replaced it everywhere: you
│ turn the old one off next. Where else is it needed? You can still open it in
│ the AWS console
│ (https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=%2Fiam%2Fkeys%2F111122223333%2Fci-deploy%2FAIDAEXAMPLE&region=eu-west-1).
│ ☑ Secret fetched: yes
│ ☑ New key used: yes, last used 3 minutes ago: s3
│ ☑ Old key quiet for 24 hours: yes, last used 1 day ago: s3
│ [ I replaced it everywhere ]  [ Discard new key ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 2 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
`);
  });

  it('goes off in some minutes, not at an hour that is over, where the old key is quiet when that is decided', () => {
    const thursday = NOW - DAY;
    const decided = {
      ...{ jobId: 'click-9', by: { kind: 'person', slackId: ANA.id, as: 'owner' } as const },
      ...{ at: thursday, from: thursday, oldKeyId: OLD, newKeyId: NEW, ownedBy: ANA.id },
    };
    const keys = [oldKey({ lastUse: used(3 * DAY) }), newKey({ lastUse: used(2 * DAY) })];
    const content = buildCard(viewOf(at('confirmed', { decided }, { keys }), { now: thursday }));
    expect(content.text).toBe(
      'The old key of ci-deploy goes off in some minutes. There is nothing to do. If something uses it before, it stays on.',
    );
    expect(wordsOf(content)).toContain(
      'goes off in some minutes, if nothing uses it until then: you decided so on',
    );
  });

  it('shows both keys at work before the old one is turned off', () => {
    expect(asRead(card(userAt('confirmed')), { notification: true, asks: true })).toBe(`
│ Notification: Turn off the old key of ci-deploy by Friday, November 27th. It
│ can be turned back on until it is deleted.
│ Turn off the old key of ci-deploy by Friday, November 27th
│ You said that …QJLD has replaced …4NOP everywhere. Whatever still uses …4NOP
│ breaks; you can turn it back on here until you delete it.
│ ☑ Secret fetched: yes
│ ☑ New key used: yes, last used 3 minutes ago: s3
│ ☑ Old key quiet for 24 hours: yes, last used 1 day ago: s3
│ [ Turn off the old key ]  [ Turn it off when quiet ]  [ Not yet, go back ]
│ [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 3 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ ⋯ ] I need more time · Not mine · History
│ “Turn off the old key” asks: Turn off the old key? Calls made with …4NOP
│ fail at once. Last used Nov 19, 2026 at 11:00 UTC: s3. You can turn it back
│ on here until you delete it, which you can do after 7 days.  [ Turn it off ]
│ [ Keep it on ]
`);
  });

  it('shows how to put it in place only to whoever may say that it is', () => {
    const user = userAt('issued');
    const inDoubt = { ...user, ownerChange: { to: user.owner, at: NOW } };
    expect(labels(user)).toContain('[ Show me how… ▾ ]');
    expect(labels(inDoubt)).toEqual(['[ ⋯ ]']);
    expect(labels(inDoubt, 'admin')).toContain('[ Show me how… ▾ ]');
  });

  it('says when the old key is off already', () => {
    const keys = [oldKey({ status: 'Inactive' }), newKey()];
    const user = userAt('issued', { keys });
    expect(read(user)).toContain('The old key …4NOP is off in AWS.');
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
│ Notification: Not turned off yet: …4NOP of ci-deploy is still used. Turn it
│ off when quiet, or decide.
│ Not turned off yet: …4NOP of ci-deploy is still used
│ • The old key …4NOP was used 35 minutes ago: s3, eu-west-1. Whatever uses it
│   breaks when it is turned off.
│ • The new key …QJLD has not been used yet. If nobody has fetched it, the old
│   key may be the only way to get it.
│ Find what uses it. Or press Turn it off when quiet: I do it on Nov 23 at
│ 10:00 if nothing uses it until then, and you can take that back.
`);
    expect(labels(user)).toEqual([
      ...['[ Turn it off when quiet ]', '[ Check again ]', '[ Turn off anyway ]'],
      ...['[ Not yet, go back ]', '[ ⋯ ]'],
    ]);
    expect(text).toContain(`
│ “Turn off anyway” asks: Turn off a key that may be in use? Whatever still
│ uses …4NOP fails at once. Last used Nov 20, 2026 at 11:00 UTC: s3. You can
│ turn it back on here until you delete it, which you can do after 7 days.
│ [ Turn it off anyway ]  [ Keep it on ]
`);
  });

  it('says that the old key was probably used to fetch the new one, and offers to wait for quiet', () => {
    const quietAt = NOW + 23 * HOUR;
    const lastUse = used(20 * MINUTE, 'secretsmanager');
    const fetching = {
      kind: 'oldKeyInUse',
      at: NOW - 20 * MINUTE,
      service: 'secretsmanager',
      quietAt,
    } as const;
    const user = userAt('confirmed', {
      keys: [oldKey({ lastUse }), newKey({ lastUse: used(MINUTE) })],
      question: { move: 'deactivate', askedAt: NOW, doubts: [fetching] },
    });
    expect(read(user)).toContain(`
│ The old key …4NOP was used 20 minutes ago: secretsmanager (probably you,
│ fetching the new key). Whatever uses it breaks when it is turned off.
│ If nothing else uses it, press Turn it off when quiet: I do it on Nov 23 at
│ 10:00 if nothing uses it until then, and you can take that back.
│ ☑ Secret fetched: yes
│ ☑ New key used: yes, last used 1 minute ago: s3
│ ☐ Old key quiet for 24 hours: not yet, last used 20 minutes ago:
│ secretsmanager (probably you, fetching the new key)
│ [ Turn it off when quiet ]  [ Check again ]  [ Turn off anyway ]
│ [ Not yet, go back ]  [ ⋯ ]
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
    expect(read(user)).toContain('Not discarded: …QJLD of ci-deploy is in use already');
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
    expect(card(user).text).toContain('AWS did not show');
  });
});

describe('the card of a key that is off', () => {
  it('offers the way back, and says from when there will be none', () => {
    expect(asRead(card(userAt('deactivated')), { notification: true })).toBe(`
│ Notification: Off since Nov 19: the old key of ci-deploy. Turn it back on if
│ anything broke; it can be deleted from Thursday, November 26th on.
│ Off since Nov 19: the old key of ci-deploy
│ Anything broken? Turn it back on; nothing is lost. It has been off since Nov
│ 19 at 14:00. It can be deleted from Thursday, November 26th on.
│ New key …QJLD: last used 3 minutes ago: s3
│ [ Turn it back on ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 4 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
`);
  });

  it('offers deletion after the grace period, and says that it is final', () => {
    expect(asRead(card(at('deactivated', { offSince: NOW - 7 * DAY })), { asks: true })).toContain(`
│ Delete the old key of ci-deploy, off since Nov 13
│ Anything broken? Turn it back on; nothing is lost. It has been off since Nov
│ 13 at 14:00. Once it is deleted, there is no way back.
│ New key …QJLD: last used 3 minutes ago: s3
│ [ Delete for good ]  [ Turn it back on ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 4 of 4: Create → Put in place → Turn off → Delete · As AWS had it on
│ Nov 20 at 13:55.
│ [ ⋯ ] History
│ “Delete for good” asks: Delete the key for good? …4NOP is removed from AWS.
│ This cannot be undone: nobody can turn it back on afterwards.
│ [ Delete for good ]  [ Keep it, off ]
`);
  });

  it('knows two steps when nobody wanted a new key', () => {
    expect(asRead(card(at('retired', { offBy: 'outside' as const })), { notification: true })).toBe(`
│ Notification: Off since Nov 19: the key of ci-deploy. Turn it back on if
│ anything broke; it can be deleted from Thursday, November 26th on.
│ Off since Nov 19: the key of ci-deploy
│ Anything broken? Turn it back on; nothing is lost. It has been off since Nov
│ 19 at 14:00. Somebody turned it off in AWS. It can be deleted from Thursday,
│ November 26th on.
│ Nothing replaces it. Is a new key needed after all? Press Create new key;
│ only the readers of secrets can fetch a new key while this one is off.
│ [ Turn it back on ]  [ Create new key ]  [ ⋯ ]
│ Questions? Ask @Sam Admin.
│ …4NOP · account prod (1111-2222-3333)
│ Step 2 of 2: Turn off → Delete · As AWS had it on Nov 20 at 13:55.
`);
  });

  it('raises no alarm while somebody has turned it on again, but says what the new key does', () => {
    const out = { newKeyOutSince: NOW - HOUR };
    const user = at('deactivated', out, { keys: [oldKey(), newKey({ status: 'Inactive' })] });
    expect(read(user)).toContain('│ Somebody turned the old key of ci-deploy on again\n');
    expect(words(user)).toContain('The new key …QJLD is off in AWS.');
    expect(words(user)).not.toContain('Nothing works');
  });

  it('notices that somebody turned it on again, and does not offer to delete it', () => {
    const user = at('deactivated', { offSince: NOW - 30 * DAY }, { keys: [oldKey(), newKey()] });
    expect(read(user)).toContain('│ Somebody turned the old key of ci-deploy on again\n');
    expect(labels(user)).toEqual(['[ Turn it back on ]', '[ ⋯ ]']);
  });
});

describe('the card of a rotation that is over', () => {
  it('says what is gone, what works, and when the next change is', () => {
    expect(asRead(card(userAt('deleted')), { notification: true })).toBe(`
│ Notification: Done: the old key of ci-deploy is deleted.
│ Done: the old key of ci-deploy is deleted
│ The new key …QJLD is on; replace it by Thursday, February 18th.
│ [ ⋯ ]
│ …4NOP · account prod (1111-2222-3333) · As AWS had it on Nov 20 at 13:55.
`);
  });

  it('says when somebody else deleted the key', () => {
    expect(words(userAt('resolved'))).toContain('Somebody deleted it in AWS. Nothing replaces it.');
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
    expect(labels(user)).toEqual(['[ ⋯ ]']);
    expect(read(user)).toContain('This message changes as soon as it is done.');
    expect(card(user).text).toBe('Working on it for ci-deploy: Create new key.');
  });

  it('says where to ask, when there is such a place', () => {
    const blocks = JSON.stringify(buildCard(viewOf(userAt('due'), { helpers: { channel: 'C456' } })).blocks);
    expect(blocks).toContain('Questions? Ask an admin in <#C456>.');
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
