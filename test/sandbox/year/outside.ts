// What happens past keyrotate in a year: somebody in the console, now and then.
import * as console_ from '../play/console.ts';
import { keysOf } from '../play/play.ts';
import type { Year } from './year-world.ts';

/** Some change in the account, in about one of seven days. Nobody breaks a key that an application works with on purpose. */
export function somethingHappens(year: Year): void {
  const { sandbox, applications, owners, luck } = year;
  if (!luck.percent(15)) return;
  // Whoever is silent for ever stays so: it is told how often admins hear of it.
  const application = luck.one(applications.filter(({ habit }) => habit !== 'silent'));
  if (!application) return;
  const { userName, keyId } = application;
  const keys = keysOf(sandbox, userName);
  const spare = keys.find(({ id }) => id !== keyId);
  switch (luck.below(6)) {
    case 0:
      if (spare?.status === 'Active') console_.turnOff(sandbox, userName, spare.id);
      break;
    case 1:
      if (spare?.status === 'Inactive') console_.removeKey(sandbox, userName, spare.id);
      break;
    case 2:
      if (spare?.status === 'Inactive') console_.turnOn(sandbox, userName, spare.id);
      break;
    case 3:
      if (keys.length === 1) console_.createKey(sandbox, userName);
      break;
    case 4:
      if (keys.length > 0) application.keyId = console_.recreateUser(sandbox, userName);
      break;
    case 5: {
      // In the middle of a rotation or between two.
      const to = luck.one(owners.filter(({ habit }) => habit === 'prompt'));
      if (to) console_.tag(sandbox, userName, { 'keyrotate:owner': `${to.first}@example.com` });
    }
  }
}
