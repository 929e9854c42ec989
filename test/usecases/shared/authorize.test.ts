// Who may press and who may ask: a table of all kinds of people, decided anew each time.
import { describe, expect, it } from 'vitest';
import type { Person } from '../../../src/domain/owner.ts';
import { OutsideError } from '../../../src/usecases/errors.ts';
import type { Directory, Log } from '../../../src/usecases/ports.ts';
import { actorFor, adminOnly, memberOnly } from '../../../src/usecases/shared/authorize.ts';
import { userAt } from '../../domain/given.ts';
import { only } from '../../only.ts';

const ANA = 'U0ANA';
const user = userAt('due');
const orphan = userAt('due', { owner: { kind: 'nobody', why: 'none', named: [] } });
/** The last is nobody Slack knows. */
const BARRED = ['guest', 'stranger', 'bot', 'deactivated', 'foreign', 'unknown'] as const;

function directoryWhere(what: { admin?: boolean; barred?: (typeof BARRED)[number] }): Directory {
  const { admin = false, barred } = what;
  const person = (slackId: string): Person | undefined =>
    barred === 'unknown'
      ? undefined
      : { ...{ slackId, name: slackId, timeZone: 'Etc/UTC' }, ...(barred && { barred }) };
  return only<Directory>({
    person: async (slackId) => person(slackId),
    isAdmin: async () => admin,
  });
}

const portsOf = (directory: Directory) => ({ directory, log: only<Log>({ warn: () => undefined }) });

describe('a button', () => {
  it.each([
    ['the owner', ANA, { admin: false }, 'owner'],
    ['an owner who is an admin too', ANA, { admin: true }, 'owner'],
    ['an admin', 'U0SAM', { admin: true }, 'admin'],
  ])('may be pressed by %s', async (_, slackId, what, as) => {
    expect(await actorFor(slackId, user, portsOf(directoryWhere(what)))).toEqual({
      actor: { kind: 'person', slackId, as },
    });
  });

  it('may be pressed by an admin where there is no owner, and by nobody else', async () => {
    expect(await actorFor('U0SAM', orphan, portsOf(directoryWhere({ admin: true })))).toMatchObject({
      actor: { as: 'admin' },
    });
    expect(await actorFor(ANA, orphan, portsOf(directoryWhere({})))).toEqual({
      refusal: { kind: 'notYours', owner: orphan.owner },
    });
  });

  it.each(['U0BEN', 'U0AN', 'U0ANAX', 'u0ana', ''])(
    'may not be pressed by anybody else: %j',
    async (slackId) => {
      expect(await actorFor(slackId, user, portsOf(directoryWhere({})))).toEqual({
        refusal: { kind: 'notYours', owner: user.owner },
      });
    },
  );

  it.each(BARRED)('may not be pressed by somebody who is %s, be it the owner or an admin', async (why) => {
    for (const slackId of [ANA, 'U0SAM']) {
      const directory = directoryWhere({ admin: true, barred: why });
      expect(await actorFor(slackId, user, portsOf(directory))).toEqual({
        refusal: { kind: 'personBarred', why },
      });
    }
  });

  it('may be pressed by any member of the private channel that owns, asked anew each time', async () => {
    const shared = userAt('due', { owner: { kind: 'channel', channelId: 'C0TEAM' } });
    const channelWhere = (mayOwn: boolean, members: string[], admin = false) =>
      only<Directory>({
        person: async (slackId) => ({ slackId, name: slackId, timeZone: 'Etc/UTC' }),
        isAdmin: async () => admin,
        channel: async () => ({ mayOwn }),
        isMember: async (_, slackId) => members.includes(slackId),
      });
    const press = (directory: Directory) => actorFor(ANA, shared, portsOf(directory));
    expect(await press(channelWhere(true, [ANA]))).toMatchObject({ actor: { slackId: ANA, as: 'owner' } });
    expect(await press(channelWhere(true, []))).toMatchObject({ refusal: { kind: 'notYours' } });
    expect(await press(channelWhere(false, [ANA]))).toMatchObject({ refusal: { kind: 'notYours' } });
    expect(await press(channelWhere(false, [ANA], true))).toMatchObject({ actor: { as: 'admin' } });
  });

  it('waits when Slack cannot say who it is: nobody passes on a failed look-up', async () => {
    const failing = () => Promise.reject(new OutsideError('unknown', 'users.info', 'ETIMEDOUT'));
    const unsure = only<Directory>({ person: failing, isAdmin: async () => true });
    await expect(actorFor(ANA, user, portsOf(unsure))).rejects.toMatchObject({ outcome: 'unknown' });
    const { person } = directoryWhere({});
    const groupUnread = only<Directory>({ person, isAdmin: failing });
    await expect(actorFor('U0SAM', user, portsOf(groupUnread))).rejects.toThrow('users.info');
    await expect(adminOnly('U0SAM', portsOf(groupUnread))).rejects.toThrow('users.info');
  });
});

describe('a plain "no" from Slack', () => {
  const no = () => Promise.reject(new OutsideError('refused', 'usergroups.users.list', 'no_such_subteam'));
  const refusal = { kind: 'slackRefused', code: 'no_such_subteam' };
  const groupGone = only<Directory>({ ...directoryWhere({}), isAdmin: no });
  const nobodyShown = only<Directory>({ ...directoryWhere({ admin: true }), person: no });

  it('is an answer to whoever is not the owner: asking again would not help', async () => {
    expect(await actorFor('U0BEN', user, portsOf(groupGone))).toEqual({ refusal });
    expect(await adminOnly('U0BEN', portsOf(groupGone))).toEqual(refusal);
  });

  it('about anybody makes nobody pass', async () => {
    expect(await actorFor(ANA, user, portsOf(nobodyShown))).toEqual({ refusal });
    expect(await adminOnly(ANA, portsOf(nobodyShown))).toEqual(refusal);
    expect(await memberOnly(ANA, portsOf(nobodyShown))).toEqual(refusal);
  });

  it('about who is an admin does not concern the owner', async () => {
    expect(await actorFor(ANA, user, portsOf(groupGone))).toMatchObject({ actor: { as: 'owner' } });
  });
});

describe('a command for admins', () => {
  it('is allowed to admins', async () => {
    expect(await adminOnly('U0SAM', portsOf(directoryWhere({ admin: true })))).toBeUndefined();
  });

  it('is refused to everybody else', async () => {
    expect(await adminOnly(ANA, portsOf(directoryWhere({})))).toEqual({ kind: 'adminsOnly' });
  });

  it.each(BARRED)('is refused to somebody who is %s, even if on the list of admins', async (why) => {
    const directory = directoryWhere({ admin: true, barred: why });
    expect(await adminOnly('U0SAM', portsOf(directory))).toEqual({ kind: 'personBarred', why });
  });
});
