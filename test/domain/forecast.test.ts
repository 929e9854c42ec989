// What would be done about a key, from its age, its tags and what is beside it.
import { describe, expect, it } from 'vitest';
import { forecast, type UnnamedUser } from '../../src/domain/forecast.ts';
import { DAY } from '../../src/domain/time.ts';
import { NOW, POLICY } from './given.ts';

const rules = {
  policy: POLICY,
  ownerTags: { ownerTag: 'keyrotate:owner', mailTag: 'mail', exemptTag: 'keyrotate:exempt' },
  protectedUsers: ['protected/*'],
};
const key = (age: number, active = true) => ({ active, lastRotated: NOW - age * DAY });
const user = (changes: Partial<UnnamedUser> = {}): UnnamedUser => ({
  userName: 'ci',
  path: '/',
  tags: { 'Keyrotate:Owner': 'ana@example.com' },
  keys: [key(83)],
  ...changes,
});
const plans = (...users: UnnamedUser[]) => forecast(users, rules, NOW).map(({ plan }) => plan);

describe('a key', () => {
  it.each([
    ['that is young waits until it is near its age', user({ keys: [key(10)] }), ['waits']],
    ['that nears its age is to be replaced', user(), ['replace']],
    ['beside another asks which one goes', user({ keys: [key(95), key(3)] }), ['chooseOne', 'waits']],
    ['beside one that is off asks so, too', user({ keys: [key(95), key(300, false)] }), ['chooseOne', 'off']],
    ['that names nobody is for admins', user({ tags: {} }), ['findOwner']],
    ['that names two people is for admins', user({ tags: { mail: 'a@x.com, b@x.com' } }), ['findOwner']],
    ['that is protected is left alone', user({ path: '/protected/' }), ['protected']],
    [
      'that opted out is left alone until then',
      user({ tags: { 'keyrotate:exempt': new Date(NOW + 30 * DAY).toISOString().slice(0, 10) } }),
      ['optedOut'],
    ],
  ])('%s', (_, given, expected) => {
    expect(plans(given)).toEqual(expected);
  });

  it('that is older stands first, and those that are off last', () => {
    const rows = forecast(
      [user({ keys: [key(10), key(400, false)] }), user({ userName: 'old' })],
      rules,
      NOW,
    );
    expect(rows.map(({ userName, active }) => [userName, active])).toEqual([
      ['old', true],
      ['ci', true],
      ['ci', false],
    ]);
  });
});
