// /keyrotate: every command is answered in words, to the person alone, whatever happens.
import { beforeEach, describe, expect, it } from 'vitest';
import { OutsideError } from '../../../../src/usecases/errors.ts';
import type { Command } from '../../../../src/usecases/jobs.ts';
import { showCommandAnswer } from '../../../sandbox/servers/slack/ack.ts';
import { plainText } from '../../../sandbox/servers/slack/transcript.ts';
import { userAt } from '../fixtures.ts';
import { LONGEST } from '../hostile.ts';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

/** What Ana reads after typing `/keyrotate text`. */
async function typing(text: string): Promise<string> {
  const to = { user: at.ana.id, channel: at.channel };
  const reply = await at.receive(at.act.slashCommand({ ...to, text }));
  expect(reply).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/json' } });
  const message = showCommandAnswer(at, to, reply);
  expect(message).toMatchObject({ ephemeralTo: at.ana.id });
  return message ? plainText(message) : '';
}

describe('help', () => {
  it.each(['', '   ', 'help', 'HELP', ' Help ', 'help me'])('answers %j', async (text) => {
    expect(await typing(text)).toContain('How it goes');
    expect(at.queued).toEqual([]);
  });

  it.each(['rotates', 'delete', '<@U0ANA|ana>', '__proto__', 'constructor', '-h', '/keyrotate'])(
    'follows what is not understood: %j',
    async (text) => {
      const answer = await typing(text);
      expect(answer).toContain('I do not know');
      expect(answer).toContain('How it goes');
      expect(at.queued).toEqual([]);
    },
  );

  it.each([
    ['status ana', 'status [@person], for example /keyrotate status.'],
    ['status <@U0ANA|ana> <@U0BEN|ben>', 'status [@person]'],
    ['status <@u0ana>', 'status [@person]'],
    ['status <@U0ANA', 'status [@person]'],
    ['status <!channel>', 'status [@person]'],
    ['list ana', 'list [@person], for example /keyrotate list.'],
    ['list <#C0TEAM|team>', 'list [@person]'],
    ['summary now', 'summary, and nothing after it.'],
    ['sweep 111122223333', 'sweep, and nothing after it.'],
    [
      'rotate <@U0ANA|ana>',
      'rotate [account/]user [last four], for example /keyrotate rotate prod/ci-deploy.',
    ],
    ['rotate prod/', 'rotate [account/]user [last four]'],
    ['rotate /ci-deploy', 'rotate [account/]user [last four]'],
    ['rotate ci deploy', 'rotate [account/]user [last four]'],
    ['rotate prod/ci-deploy 4NOP QJLD', 'rotate [account/]user [last four]'],
    ['rotate prod/ci-deploy wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab', 'rotate [account/]user [last four]'],
    ['rotate <!channel>', 'rotate [account/]user [last four]'],
    [`rotate ${'x'.repeat(65)}`, 'rotate [account/]user [last four]'],
    ['show', 'show [account/]user, for example /keyrotate show prod/ci-deploy.'],
    ['unassign', 'unassign [account/]user, for example /keyrotate unassign prod/ci-deploy.'],
    ['unassign prod/ci-deploy <@U0ANA|ana>', 'unassign [account/]user'],
    ['assign', 'assign [account/]user @person or #channel, for example'],
    ['assign prod/ci-deploy', 'assign [account/]user'],
    ['assign <@U0ANA|ana>', 'assign [account/]user'],
    ['assign prod/ci-deploy @ana', 'assign [account/]user'],
    ['assign prod/ci-deploy <!subteam^S0TEAM>', 'assign [account/]user'],
    ['assign prod/ci-deploy <@U0ANA|ana> <@U0BEN|ben>', 'assign [account/]user'],
  ])('is one line for a command used wrongly: %j', async (text, usage) => {
    const answer = await typing(text);
    expect(answer).toContain(`Type /keyrotate ${usage}`);
    expect(answer).not.toContain('How it goes');
    expect(at.queued).toEqual([]);
  });

  it('repeats nothing that could ping or forge', async () => {
    const { body } = await at.receive(
      at.act.slashCommand({ user: at.ana.id, channel: at.channel, text: '<!channel> `*<https://evil|x>' }),
    );
    expect(body).not.toMatch(/<!channel|<https/);
  });
});

describe('status', () => {
  it('lists one’s own keys at once, and queues nothing', async () => {
    const asked: string[] = [];
    at.fakes.owned = async (slackId) => {
      asked.push(slackId);
      return [userAt('due')];
    };
    expect(await typing('status')).toContain('You have 1 access key to rotate');
    expect(asked).toEqual([at.ana.id]);
    expect(at.queued).toEqual([]);
  });

  const ofTeam = (slackId: string) =>
    slackId === 'C0TEAM'
      ? [userAt('due', { userName: 'shared', owner: { kind: 'channel', channelId: 'C0TEAM' } })]
      : [userAt('due')];

  it('lists what the channels own that one is in, too', async () => {
    at.fakes.channelsOf = async () => ['C0TEAM'];
    at.fakes.owned = async (slackId) => ofTeam(slackId);
    const answer = await typing('status');
    expect(answer).toContain('You and your channels have 2 access keys to rotate');
    expect(answer).toContain('shared');
    expect(at.queued).toEqual([]);
  });

  it.each<[string, () => Promise<string[]>, string]>([
    [
      'says no',
      () => Promise.reject(new OutsideError('refused', 'users.conversations', 'no_permission')),
      'no_permission',
    ],
    ['is slow', () => new Promise(() => {}), 'too_slow'],
  ])('lists one’s own within Slack’s patience when Slack %s', async (_, channelsOf, code) => {
    at.fakes.channelsOf = channelsOf;
    at.fakes.owned = async (slackId) => ofTeam(slackId);
    const answer = await typing('status');
    expect(answer).toContain('You have 1 access key to rotate');
    expect(answer).toContain('I could not look up your channels');
    expect(at.logged).toMatchObject([
      { event: 'channels.unanswered', facts: { personId: at.ana.id, error: { code } } },
    ]);
  });

  it('says so when the table cannot be read', async () => {
    at.fakes.owned = () => Promise.reject(new Error('throttled'));
    expect(await typing('status')).toContain('Please try again in a minute');
    expect(at.events()).toEqual(['slack.commandFailed']);
  });
});

describe('a command that somebody else answers', () => {
  it('is answered in words when the job cannot be queued: a command shows no failure by itself', async () => {
    at.fakes.put = () => Promise.reject(new Error('down'));
    expect(await typing('summary')).toContain('could not answer just now. Nothing was changed');
    expect(at.events()).toEqual(['slack.commandFailed']);
  });

  it('is answered only after the job is queued', async () => {
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
    ['status <@U0BEN|ben>', { name: 'statusOf', slackId: 'U0BEN' }],
    ['status <@W0BEN>', { name: 'statusOf', slackId: 'W0BEN' }],
    ['status <@U0BEN|>', { name: 'statusOf', slackId: 'U0BEN' }],
    ['status <@U0BEN|Ben Okafor>', { name: 'statusOf', slackId: 'U0BEN' }],
    ['status   <@U0BEN|ben>  ', { name: 'statusOf', slackId: 'U0BEN' }],
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
    expect(await typing(escapedBySlack(text))).toContain('Looking it up');
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
      const answer = await typing(`rotate ${name}/ci-deploy`);
      expect(answer).toContain('I watch no account called');
      expect(answer).not.toContain('How it goes');
      expect(at.queued).toEqual([]);
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
