// The demo's chapters about everybody else: several keys, two keys, more time, and a change made in the console.
import { HOUR, MINUTE } from '../clock.ts';
import { turnOff } from '../play/console.ts';
import { buttons, card, cards, keysOf, passTime, press, run } from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Narrator } from './narrator.ts';

export interface Stage {
  sandbox: Sandbox;
  tell: Narrator;
  presses(person: string, userName: string, button: string, values?: Record<string, string>): Promise<void>;
  /** Opens a card from the message that lists several. */
  opens(person: string, userName: string): Promise<void>;
  shows(person: string, userName: string): void;
}

export async function meanwhile(stage: Stage): Promise<void> {
  await severalKeys(stage);
  await twoKeys(stage);
  await moreTime(stage);
  await pastKeyrotate(stage);
}

async function severalKeys({ sandbox, tell, presses, opens, shows }: Stage): Promise<void> {
  const { ben } = sandbox.organisation.people;
  tell.chapter('6. Somebody with several keys');
  const [list] = cards(sandbox, ben);
  if (list) tell.shows(ben, list);
  await opens(ben, 'legacy-etl');
  await presses(ben, 'legacy-etl', "I don't need this key");
  shows(ben, 'legacy-etl');
}

async function twoKeys({ sandbox, tell, presses, opens, shows }: Stage): Promise<void> {
  const { chloe } = sandbox.organisation.people;
  tell.chapter('7. Two keys already');
  const [older, newer] = keysOf(sandbox, 'two-keys').map(({ id }) => id.slice(-4));
  await opens(chloe, 'two-keys');
  await presses(chloe, 'two-keys', `…${newer} replaces …${older}`);
  shows(chloe, 'two-keys');
}

async function moreTime({ sandbox, tell, presses, opens, shows }: Stage): Promise<void> {
  const { adminChannel, people } = sandbox.organisation;
  await passTime(sandbox, 3 * HOUR); // by then it is morning in New York
  tell.chapter('8. More time');
  await opens(people.dan, 'never-used');
  await presses(people.dan, 'never-used', 'I need more time', {
    'Until when?': '2027-01-29',
    'Why?': 'The vendor ships an agent that can rotate in January',
  });
  const asked = sandbox.slack.workspace.channels.get(adminChannel)?.messages.at(-1);
  if (!asked) throw new Error('the admins were not asked');
  tell.shows(people.sam, asked);
  tell.presses(people.sam, 'Approve');
  await press(sandbox, people.sam, asked, 'Approve');
  shows(people.dan, 'never-used');
}

async function pastKeyrotate({ sandbox, tell }: Stage): Promise<void> {
  const { chloe } = sandbox.organisation.people;
  tell.chapter('9. Past keyrotate');
  tell.say("  Somebody turns off the key of Chloé's own IAM user, in the AWS console.");
  turnOff(sandbox, 'chloe@example.com', keysOf(sandbox, 'chloe@example.com')[0]?.id ?? '');
  await run(sandbox, 'sweep');
  await passTime(sandbox, 16 * MINUTE);
  tell.say('  A sweep sees it, a second look confirms it, and the next morning');
  await passTime(sandbox, 17 * HOUR);
  const card = cards(sandbox, chloe).at(-1);
  if (card) tell.shows(chloe, card);
}

/** What the forged press was answered with. */
export async function forgery(sandbox: Sandbox, tell: Narrator): Promise<number> {
  const { ana } = sandbox.organisation.people;
  tell.chapter('10. A forgery');
  tell.say("  Somebody sends a press in Ana's name, without Slack's signature.");
  const message = card(sandbox, ana, 'ci-deploy');
  const forged = sandbox.slack.people.click({
    user: ana,
    message,
    button: buttons(message)[0] ?? '',
    forge: { signingSecret: 'guessed' },
  });
  const { statusCode } = (await sandbox.functions.slack.invoke(forged)) as { statusCode: number };
  tell.awsChanges();
  tell.say(`  It is answered ${statusCode}, and nothing happens.`);
  return statusCode;
}
