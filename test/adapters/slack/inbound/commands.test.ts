// /keyrotate: every command goes to the worker, whose answer is the only one; where it cannot, that is said in words.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/usecases/jobs.ts';
import { showCommandAnswer } from '../../../sandbox/servers/slack/ack.ts';
import { plainText } from '../../../sandbox/servers/slack/transcript.ts';
import { LONGEST } from '../hostile.ts';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const types = (text: string) =>
  at.receive(at.act.slashCommand({ user: at.ana.id, channel: at.channel, text }));

/** What the worker is asked to do after Ana typed `/keyrotate text`; nothing is said before its answer. */
async function typing(text: string): Promise<Command | undefined> {
  const reply = await types(text);
  expect(reply).toMatchObject({ statusCode: 200, body: '' });
  expect(showCommandAnswer(at, { user: at.ana.id, channel: at.channel }, reply)).toBeUndefined();
  const job = at.jobs().at(-1);
  return job?.kind === 'command' ? job.command : undefined;
}

/** What she reads at once, where it cannot be queued. */
async function told(): Promise<string> {
  const reply = await types('summary');
  expect(reply).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/json' } });
  const message = showCommandAnswer(at, { user: at.ana.id, channel: at.channel }, reply);
  expect(message).toMatchObject({ ephemeralTo: at.ana.id });
  return message ? plainText(message) : '';
}

describe('help', () => {
  it.each(['help', 'HELP', ' Help ', 'help me'])('is asked for by %j', async (text) => {
    expect(await typing(text)).toEqual({ name: 'help' });
  });

  it.each(['', '   '])('is not what %j asks for: one’s own keys are', async (text) => {
    expect(await typing(text)).toEqual({ name: 'keys' });
  });

  it.each(['rotates', 'delete', '<@U0ANA|ana>', '__proto__', 'constructor', '-h', '/keyrotate'])(
    'answers what is not understood: %j',
    async (text) => {
      expect(await typing(text)).toEqual({ name: 'help', unclear: { kind: 'unknown', text } });
    },
  );

  it.each([
    'status ana',
    'status <@U0ANA|ana> <@U0BEN|ben>',
    'status <@u0ana>',
    'status <@U0ANA',
    'status <!channel>',
    'list ana',
    'list <#C0TEAM|team>',
    'summary now',
    'sweep 111122223333',
    'rotate <@U0ANA|ana>',
    'rotate prod/',
    'rotate /ci-deploy',
    'rotate ci deploy',
    'rotate prod/ci-deploy 4NOP QJLD',
    'rotate prod/ci-deploy wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab',
    'rotate <!channel>',
    `rotate ${'x'.repeat(65)}`,
    'show',
    'unassign',
    'unassign prod/ci-deploy <@U0ANA|ana>',
    'assign',
    'assign prod/ci-deploy',
    'assign <@U0ANA|ana>',
    'assign prod/ci-deploy @ana',
    'assign prod/ci-deploy <!subteam^S0TEAM>',
    'assign prod/ci-deploy <@U0ANA|ana> <@U0BEN|ben>',
  ])('answers a command that is used wrongly: %j', async (text) => {
    const word = text.split(' ')[0];
    expect(await typing(text)).toEqual({ name: 'help', unclear: { kind: 'misused', word } });
  });
});

describe('a command', () => {
  it('is answered in words when the job cannot be queued: a command shows no failure by itself', async () => {
    at.fakes.put = () => Promise.reject(new Error('down'));
    expect(await told()).toContain('could not answer just now. Nothing was changed');
    expect(at.events()).toEqual(['slack.commandFailed']);
  });

  it('is acknowledged only after it is queued', async () => {
    let queued = false;
    at.fakes.put = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      queued = true;
    };
    await typing('sweep');
    expect(queued).toBe(true);
  });
});

describe('commands for the worker', () => {
  const account = '111122223333';
  const userName = 'ci-deploy';
  const target = { account, userName };
  const rotate = (changes: { account?: string; userName?: string } = {}, ending?: string): Command => ({
    ...{ name: 'rotate', target: { ...target, ...changes } },
    ...(ending && { ending }),
  });
  const ben = { kind: 'person', slackId: 'U0BEN' } as const;
  const team = (channelId: string) => ({ kind: 'channel', channelId }) as const;
  const named = (name: string) => ({ name: 'rotate' as const, target: { userName: name } });
  const mailed = 'ana@example.com';

  it.each<[string, Command]>([
    ['summary', { name: 'summary' }],
    ['Summary', { name: 'summary' }],
    ['sweep', { name: 'sweep' }],
    [' SWEEP ', { name: 'sweep' }],
    ['status <@U0BEN|ben>', { name: 'status', slackId: 'U0BEN' }],
    ['status <@W0BEN>', { name: 'status', slackId: 'W0BEN' }],
    ['status <@U0BEN|>', { name: 'status', slackId: 'U0BEN' }],
    ['status <@U0BEN|Ben Okafor>', { name: 'status', slackId: 'U0BEN' }],
    ['status   <@U0BEN|ben>  ', { name: 'status', slackId: 'U0BEN' }],
    ['status', { name: 'status' }],
    ['list', { name: 'list' }],
    ['List <@U0BEN|Ben Okafor>', { name: 'list', slackId: 'U0BEN' }],
    ['rotate', { name: 'rotate' }],
    ['rotate ci-deploy', named(userName)],
    ['ROTATE prod/ci-deploy', rotate()],
    ['rotate PROD/ci-deploy', rotate()],
    ['rotate 111122223333/ci-deploy', rotate()],
    ['rotate 1111-2222-3333/ci-deploy', rotate()],
    ['rotate `prod/ci-deploy`', rotate()],
    ['rotate Data & more / ci-deploy', rotate({ account: '444455556666' })],
    ['rotate R/D/ci-deploy', rotate({ account: '777788889999' })],
    ['rotate prod/ci-deploy 4NOP', rotate({}, '4NOP')],
    ['rotate Data & more / ci 4nop', rotate({ account: '444455556666', userName: 'ci' }, '4NOP')],
    ['rotate `prod/ci-deploy` `…4NOP`', rotate({}, '4NOP')],
    ['rotate prod/ci-deploy ****************4NOP', rotate({}, '4NOP')],
    ['rotate prod/ci-deploy AKIAOLDOLDOLDOLD4NOP', rotate({}, 'AKIAOLDOLDOLDOLD4NOP')],
    [`rotate ${LONGEST}`, named(LONGEST)],
    // What Slack takes for an address.
    ['rotate <mailto:ana@example.com|ana@example.com>', named(mailed)],
    ['rotate prod/<mailto:ana@example.com|ana@example.com>', rotate({ userName: mailed })],
    ['rotate <mailto:prod/ana@example.com|prod/ana@example.com>', rotate({ userName: mailed })],
    ['rotate <mailto:ana@example.com>', named(mailed)],
    ['rotate <http://deploy.app|deploy.app>', named('deploy.app')],
    ['rotate prod/<https://deploy.app>', rotate({ userName: 'deploy.app' })],
    ['show prod/ci-deploy', { name: 'show', target }],
    ['history prod/ci-deploy', { name: 'history', target }],
    ['show ci-deploy', { name: 'show', target: { userName } }],
    ['unassign prod/ci-deploy', { name: 'unassign', target }],
    ['assign prod/ci-deploy <@U0BEN|Ben Okafor>', { name: 'assign', target, to: ben }],
    ['assign ci-deploy   <#C0TEAM|>', { name: 'assign', target: { userName }, to: team('C0TEAM') }],
    ['assign prod/ci-deploy <#C0TEAM|team>', { name: 'assign', target, to: team('C0TEAM') }],
    ['assign prod/ci-deploy <#G0TEAM>', { name: 'assign', target, to: team('G0TEAM') }],
    [
      'assign prod/<mailto:a+b@example.com|a+b@example.com> <@U0BEN|ben>',
      { name: 'assign', target: { account, userName: 'a+b@example.com' }, to: ben },
    ],
  ])('become a job: %j', async (text, command) => {
    expect(await typing(escapedBySlack(text))).toEqual(command);
    const [trigger] = at.workspace.triggers.keys();
    const responseUrl = expect.stringMatching(/^https:\/\/hooks\.slack\.com\//);
    const place = { channel: at.channel, responseUrl };
    const asked = { id: `command/${trigger}`, askedAt: at.clock.now(), personId: at.ana.id };
    const job = { kind: 'command', ...asked, command, place };
    expect(at.queued).toEqual([job]);
  });

  it.each(['nowhere', '999900001111', 'twins', '<!channel>'])(
    'name an account that is watched: %j is not',
    async (name) => {
      const shown = name.replace('<', '&lt;').replace('>', '&gt;');
      expect(await typing(`rotate ${shown}/ci-deploy`)).toEqual({
        name: 'help',
        unclear: { kind: 'unknownAccount', word: 'rotate', name },
      });
    },
  );
});

/** As the manifest asks for it. https://docs.slack.dev/interactivity/implementing-slash-commands */
function escapedBySlack(text: string): string {
  return text.replace(/&(?!\w+;)/g, '&amp;');
}

describe('a command that is not as Slack makes it', () => {
  const fields = () => ({
    ...{ command: '/keyrotate', api_app_id: at.workspace.appId, team_id: at.workspace.team.id },
    ...{ user_id: at.ana.id, channel_id: at.channel, trigger_id: '1.2', text: 'summary' },
  });
  const form = (changes: Record<string, string>) =>
    at.signed(
      'application/x-www-form-urlencoded',
      new URLSearchParams({ ...fields(), ...changes }).toString(),
    );

  it.each<[string, Record<string, string>]>([
    ['nobody', { user_id: '' }],
    ['no channel', { channel_id: '' }],
    ['no trigger', { trigger_id: '' }],
    ['a text without end', { text: 'summary'.repeat(1000) }],
  ])('is answered in words and queues nothing: %s', async (_, changes) => {
    const reply = await at.receive(form(changes));
    expect(reply).toMatchObject({ statusCode: 200 });
    expect(reply.body).toContain('could not answer just now');
    expect(at.queued).toEqual([]);
  });

  it('is done without an address for the answer when that is none', async () => {
    for (const response_url of ['', 'hooks.slack.com', `https://hooks.slack.com/${'x'.repeat(500)}`]) {
      await at.receive(form({ response_url }));
      expect(at.jobs().at(-1)).toMatchObject({
        command: { name: 'summary' },
        place: { channel: at.channel },
      });
      expect(at.jobs().at(-1)).not.toHaveProperty('place.responseUrl');
    }
  });

  it('may carry fields that Bolt would take for something else', async () => {
    for (const changes of [{ event: 'x' }, { name: 'x' }, { actions: 'x' }, { type: 'shortcut' }])
      expect(await at.receive(form(changes))).toMatchObject({ statusCode: 200 });
  });
});
