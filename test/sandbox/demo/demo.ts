// npm run demo: the main job, played on a local AWS and Slack, and its outcome checked against those servers.

import { DAY, HOUR, MINUTE } from '../clock.ts';
import { notifications } from '../play/notifications.ts';
import { credentialsOf, leaks, places, readSecret, secretPath, secretValues } from '../play/outcome.ts';
import {
  applicationUses,
  card,
  cards,
  command,
  keysOf,
  openRow,
  passTime,
  press,
  run,
  whispers,
} from '../play/play.ts';
import { READER_ROLE, type Sandbox, startSandbox } from '../sandbox.ts';
import { dmOf } from '../servers/slack/conversations.ts';
import { plainText } from '../servers/slack/transcript.ts';
import { forgery, meanwhile } from './meanwhile.ts';
import { narrator } from './narrator.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The IAM users of the story. No other may be touched. */
const ACTED_ON = ['ci-deploy', 'legacy-etl', 'two-keys', 'chloe@example.com'];

async function aDayOfTicks(sandbox: Sandbox): Promise<void> {
  for (let tick = 0; tick < 6; tick += 1) await passTime(sandbox, 4 * HOUR);
}

async function demo(): Promise<boolean> {
  const sandbox = await startSandbox();
  const { people, adminChannel } = sandbox.organisation;
  const tell = narrator(sandbox, {
    colour: process.stdout.isTTY && !process.env.NO_COLOR,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const { ana, ben, dan, sam } = people;
  const path = secretPath(sandbox, 'ci-deploy');
  const [oldKey] = keysOf(sandbox, 'ci-deploy');
  if (!oldKey) throw new Error('the organisation has no ci-deploy');
  const untouched = () =>
    [...sandbox.aws.iam.state.users.values()]
      .filter((user) => !ACTED_ON.includes(user.userName))
      .map((user) => user.keys.map((key) => `${key.id} ${key.status}`).join());
  const before = JSON.stringify(untouched());

  async function presses(
    person: string,
    userName: string,
    button: string,
    values: Record<string, string> = {},
  ): Promise<void> {
    tell.presses(person, button);
    await press(sandbox, person, card(sandbox, person, userName), button, values);
    for (const [label, value] of Object.entries(values)) tell.fills(person, label, value);
    tell.awsChanges();
  }
  async function opens(person: string, userName: string): Promise<void> {
    tell.presses(person, `Open ${userName}`);
    await openRow(sandbox, person, userName);
    shows(person, userName);
  }
  const shows = (person: string, userName: string) => tell.shows(person, card(sandbox, person, userName));

  tell.say('A local AWS account and a local Slack workspace, with nothing in them but this story.');
  tell.say(`${sandbox.aws.iam.state.users.size} IAM users, ${cards(sandbox, ana).length} messages so far.`);

  tell.chapter('1. The nightly sweep');
  await run(sandbox, 'sweep');
  tell.say('  keyrotate reads the credential report and writes to the owners of old keys.');
  shows(ana, 'ci-deploy');
  tell.types(ana, '/keyrotate status');
  const dm = dmOf(sandbox.slack.workspace, ana)?.id ?? '';
  const status = await command(sandbox, ana, 'status', dm);
  if (status) tell.shows(ana, status);

  tell.chapter('2. Create');
  await presses(ana, 'ci-deploy', 'Create new key');
  shows(ana, 'ci-deploy');

  tell.chapter('3. Migrate');
  tell.say('  Ana fetches the new key with the old one, and gives it to the application.');
  const newKey = keysOf(sandbox, 'ci-deploy').find((key) => key.id !== oldKey.id);
  const fetched = await readSecret(sandbox, credentialsOf(sandbox, 'ci-deploy', oldKey.id), path);
  sandbox.clock.advance(20 * MINUTE);
  const works = newKey !== undefined && (await applicationUses(sandbox, newKey.id, 's3'));
  await presses(ana, 'ci-deploy', 'I replaced it everywhere', {
    'Where did you replace it?': 'GitHub org/app, web-1, web-2',
  });

  tell.chapter('4. Turn off, but not blindly');
  tell.say('  The old key was used an hour ago. She leaves the waiting to keyrotate.');
  await presses(ana, 'ci-deploy', 'Turn it off when quiet');
  shows(ana, 'ci-deploy');
  tell.say('  She does nothing more. Nothing uses the old key any more, and its day comes.');
  await aDayOfTicks(sandbox);
  tell.awsChanges();
  shows(ana, 'ci-deploy');

  tell.chapter('5. Something broke: back on, with one press');
  await passTime(sandbox, 2 * HOUR);
  await presses(ana, 'ci-deploy', 'Turn it back on');
  tell.say('  A forgotten cron job on another machine. She gives it the new key as well.');
  await presses(ana, 'ci-deploy', 'I replaced it everywhere');
  await passTime(sandbox, DAY);
  await presses(ana, 'ci-deploy', 'Turn off the old key');

  await meanwhile({ sandbox, tell, presses, opens, shows });

  const statusCode = await forgery(sandbox, tell);

  tell.chapter('11. A quiet week, and delete');
  for (let day = 0; day < 8; day += 1) {
    await passTime(sandbox, DAY);
    await run(sandbox, 'sweep');
  }
  shows(ana, 'ci-deploy');
  await presses(ana, 'ci-deploy', 'Delete for good');
  shows(ana, 'ci-deploy');
  await presses(ben, 'legacy-etl', 'Delete for good');

  tell.chapter('12. What the admins read');
  await run(sandbox, 'summary');
  const posted = sandbox.slack.workspace.channels.get(adminChannel)?.messages.at(-1);
  if (posted) tell.shows(sam, posted);

  tell.chapter('Checked with the servers, not with the bot');
  const left = keysOf(sandbox, 'ci-deploy');
  tell.check(left.length === 1 && left[0]?.id === newKey?.id, `IAM: ci-deploy has one key, the new one`);
  tell.check(left[0]?.status === 'Active' && works, 'IAM: it is active, and the application works with it');
  tell.check(!(await applicationUses(sandbox, oldKey.id, 's3')), 'IAM: the old key is refused');
  tell.check(keysOf(sandbox, 'legacy-etl').length === 0, 'IAM: legacy-etl has no key left');
  tell.check(JSON.stringify(untouched()) === before, 'IAM: no other key was touched');
  tell.check('value' in fetched, 'Vault: the old key could fetch the new one');
  const own = await readSecret(sandbox, credentialsOf(sandbox, 'ci-deploy', newKey?.id ?? ''), path);
  const holds = 'value' in own && JSON.parse(own.value).AccessKeyId === newKey?.id;
  tell.check(holds, 'Vault: its own IAM user can read the secret, and it is the new key');
  const reader = await readSecret(sandbox, sandbox.aws.iam.session(READER_ROLE, 'sam'), path);
  tell.check('value' in reader, 'Vault: the configured reader role can read it');
  for (const [who, credentials] of [
    ['an administrator', sandbox.aws.iam.session('administrator', 'root-like')],
    ['another IAM user', credentialsOf(sandbox, 'fresh-app', keysOf(sandbox, 'fresh-app')[0]?.id ?? '')],
    ['keyrotate itself', sandbox.aws.iam.session('worker', 'worker')],
  ] as const) {
    tell.check(
      'refused' in (await readSecret(sandbox, credentials, path)),
      `Vault: ${who} cannot read it as it is`,
    );
  }
  const found = leaks(sandbox);
  const searched = Object.values(places(sandbox)).flat().length;
  tell.check(
    found.length === 0,
    `Secrets: none of ${secretValues(sandbox).length} values is in any of ${searched} log lines, messages and items${found.map((leak) => `; ${leak}`).join('')}`,
  );
  tell.check(keysOf(sandbox, 'two-keys').length === 2, 'IAM: two-keys keeps both, nothing was guessed');
  const rang = notifications(sandbox).map(({ to, at }) => `${to} ${new Date(at).toDateString()}`);
  const byDay = new Set(rang);
  const answers = 3; // cards opened from a list
  tell.check(
    rang.length - byDay.size <= answers && !rang.some((when) => /Sat|Sun/.test(when)),
    `Slack: ${rang.length} messages in ten days, none on the weekend, one a day unless asked for`,
  );
  tell.check(statusCode === 401, 'Slack: a press that Slack did not sign is turned away');
  const others = [dan, people.gus, people.lena].flatMap((person) => cards(sandbox, person)).map(plainText);
  tell.check(
    !others.some((text) => text.includes('ci-deploy')) && whispers(sandbox, dan).length === 0,
    'Slack: nobody else was told of it',
  );
  await sandbox.close();
  return tell.allHeld;
}

demo().then(
  (allHeld) => {
    process.stdout.write(allHeld ? '\ndemo: everything is as it should be\n' : '\ndemo: something differs\n');
    process.exitCode = allHeld ? 0 : 1;
  },
  (error: Error) => {
    process.stderr.write(`\ndemo: ${error.stack}\n`);
    // Servers may still be up, and would keep the process alive.
    process.exit(1);
  },
);
