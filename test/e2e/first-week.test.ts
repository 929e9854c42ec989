// An operator's first week: wrong settings, a hello, going live, something that breaks, a new token, a removal and a return.
import { expect, it, onTestFinished } from 'vitest';
import { DAY, HOUR } from '../sandbox/clock.ts';
import { buttons, command, deliver, liveCard, press, whispers } from '../sandbox/play/play.ts';
import { SIGNING_SECRET } from '../sandbox/sandbox.ts';
import { inbox, openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { startWatched, type Watched } from '../sandbox/watched.ts';
import { doctor, wrong } from './doctor.ts';

const UPKEEP = 'keyrotate-dev-upkeep.fifo';

it('an operator’s first week ends with a bot that is live and well', async () => {
  const watched = await startWatched({ mode: 'preview', start: new Date('2026-11-16T08:00:00Z') });
  onTestFinished(() => watched.sandbox.close());
  const { sandbox } = watched;
  const { people, adminChannel } = sandbox.organisation;
  const { workspace } = sandbox.slack;
  const posted = () => (workspace.channels.get(adminChannel)?.messages ?? []).map(plainText);
  const asks = async (text: string): Promise<string> => {
    await command(sandbox, people.sam, text, openDm(workspace, people.sam).id);
    return whispers(sandbox, people.sam).at(-1) ?? '';
  };

  // Monday: what is wrong is told at the desk, all of it.
  const first = await doctor(sandbox, { ADMIN_CHANNEL: '#security', ADMINS: '@sam', MODE: 'Live' });
  expect(wrong(first)).toHaveLength(3);
  const channel = workspace.channels.get(adminChannel);
  channel?.members.splice(channel.members.indexOf(workspace.bot.userId), 1);
  expect(wrong(await doctor(sandbox))).toEqual([expect.stringContaining('/invite @keyrotate')]);
  channel?.members.push(workspace.bot.userId);
  expect(wrong(await doctor(sandbox))).toEqual([]);

  // It is deployed, says hello, and has looked around by itself. Nobody else hears anything.
  await watched.pass(10);
  expect(posted()).toEqual([expect.stringMatching(/^Hello, keyrotate is here\.[\s\S]*preview/)]);
  expect(await asks('summary')).toContain('Preview: the owners of');
  expect(await asks('check')).toMatch(/^I am well\./);
  await asks('show ci-deploy');
  expect(plainText(inbox(workspace, people.sam).findLast(isShown) ?? NOTHING)).toContain('Preview');
  expect(inbox(workspace, people.ana)).toEqual([]);
  expect(watched.rang()).toEqual([]);

  // Tuesday: live. The admin channel hears of it, and the owners are asked.
  await watched.redeploy('live');
  await nextDay(watched);
  expect(posted().join()).toContain('is live: owners are asked');
  const card = () => liveCard(sandbox, people.ana, 'ci-deploy');
  expect(buttons(card())).toContain('Create new key');

  // Wednesday: Slack's token is replaced while somebody presses.
  workspace.bot.token = 'xoxb-the-new-one';
  await press(sandbox, people.ana, card(), 'Create new key');
  await sandbox.aws.putSlackSecret(sandbox.environment.SLACK_SECRET_ID ?? '', {
    botToken: workspace.bot.token,
    signingSecret: SIGNING_SECRET,
  });
  await watched.pass(15);
  expect(plainText(card())).toContain('is ready: use it by');

  // Thursday: a job that nobody can read. The alarm rings, the admin channel says it in words, and the book is followed.
  watched.rang();
  sandbox.aws.sqs.state.queues
    .get(UPKEEP)
    ?.send({ body: 'no job', groupId: 'x', deduplicationId: 'x', senderId: 'x' });
  await watched.pass(100);
  expect(watched.rang()).toContain('UpkeepDeadLettersAlarm');
  expect(posted().at(-1)).toContain('1 job was given up');
  sandbox.aws.sqs.state.queues.get('keyrotate-dev-upkeep-dead.fifo')?.purge();
  await watched.pass(20);
  expect(posted().at(-1)).toContain('All is well with keyrotate again.');
  expect(watched.ringing()).toEqual([]);

  // Friday: a version that cannot start is deployed. What is pressed waits, the alarm rings, and after going back it is done.
  await watched.deploy('worker', 'broken');
  const pressed = { user: people.ana, message: card(), button: 'Discard new key' };
  await deliver(sandbox, sandbox.slack.people.click(pressed));
  await watched.pass(16);
  expect(watched.rang()).toContain('WorkerErrorsAlarm');
  await watched.deploy('worker', 'right');
  await watched.pass(60);
  expect(watched.ringing()).toEqual([]);
  expect(buttons(card())).toContain('Create new key');

  // Saturday: the stack is removed for an afternoon, and comes back to its table. Nobody is asked anew.
  const before = posted().length;
  const table = sandbox.environment.TABLE_NAME ?? '';
  watched.remove();
  sandbox.clock.advance(6 * HOUR);
  const gone = await doctor(sandbox, { TABLE_NAME: table });
  expect(gone.lines).toContain('? Stack: Nothing is deployed yet under this stage and region.');
  expect(gone.lines).toContain(`✓ Table: \`${table}\` is there.`);
  await watched.redeploy('live', { TABLE_NAME: table });
  await watched.pass(30);
  expect(posted().slice(before).join()).not.toContain('Hello');
  await press(sandbox, people.ana, card(), 'Create new key');
  expect(plainText(card())).toContain('is ready: use it by');
  expect(await asks('check')).toMatch(/^I am well\./);
});

const NOTHING = { text: '', blocks: [] };
const isShown = ({ ephemeralTo }: { ephemeralTo?: string | undefined }) => ephemeralTo === undefined;

/** The next day, when Madrid is at work: a sweep has come, and whoever is due has been written to. */
async function nextDay(watched: Watched): Promise<void> {
  await watched.pass(10);
  watched.sandbox.clock.advance(DAY);
  await watched.pass(60);
}
