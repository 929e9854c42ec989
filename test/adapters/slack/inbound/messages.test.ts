// What people write to keyrotate without a slash: queued once, and done as a command is where it is one.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/usecases/jobs.ts';
import { MINUTE } from '../../../sandbox/clock.ts';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const write = (text: string) => at.act.write({ user: at.ana.id, text });
const says = async (text: string): Promise<Command | undefined> => {
  expect(await at.receive(at.act.sent({ message: write(text) }))).toMatchObject({
    statusCode: 200,
    body: '',
  });
  const [job] = at.jobs();
  return job?.kind === 'command' ? job.command : undefined;
};
const ofTalk = (about: string) => ({ name: 'talk', about });

describe('a message', () => {
  it('becomes a job in the name of who wrote it, with the answer to stay where it was written', async () => {
    const message = write('help');
    await at.receive(at.act.sent({ message }));
    expect(at.jobs()).toEqual([
      {
        ...{ kind: 'command', command: { name: 'help' }, personId: at.ana.id, askedAt: at.clock.now() },
        ...{ id: `command/Ev${message.ts.replace('.', '')}` },
        place: { channel: message.channel, isDirect: true },
      },
    ]);
  });

  it.each<[string, object]>([
    ['status', { name: 'status' }],
    ['Help!', { name: 'help' }],
    ['/keyrotate list', { name: 'list' }],
    ['keyrotate, rotate ci-deploy', { name: 'rotate', target: { userName: 'ci-deploy' } }],
    ['list <@U0BEN>', { name: 'list', slackId: 'U0BEN' }],
    ['', { name: 'keys' }],
    ['This key is not mine', ofTalk('notMine')],
    ['it isn’t really mine…', ofTalk('notMine')],
    ['You have the wrong person', ofTalk('notMine')],
    ['hello', ofTalk('anything')],
    ['show me my keys', ofTalk('anything')],
    ['list of everything, please', ofTalk('anything')],
    ['<!channel> `*<https://evil|x>', ofTalk('anything')],
    ['here it is: wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab', ofTalk('secret')],
  ])('is understood: %j', async (text, command) => {
    expect(await says(text)).toEqual(command);
  });

  it('has the same id each time that Slack tells of it, so that the queue takes it once', async () => {
    const message = write('hello');
    for (const retry of [undefined, 1, 2])
      await at.receive(at.act.sent({ message, ...(retry && { retry }) }));
    expect(new Set(at.jobs().map(({ id }) => id)).size).toBe(1);
    expect(at.jobs()).toHaveLength(3);
  });

  it('is left when it comes after the queue may have forgotten that it had it', async () => {
    const message = write('hello');
    at.clock.advance(5 * MINUTE);
    expect(await at.receive(at.act.sent({ message, retry: 3 }))).toMatchObject({ statusCode: 200 });
    expect(at.queued).toEqual([]);
    expect(at.events()).toEqual(['slack.messageTooLate']);
  });

  it('is sent once more by Slack where it could not be queued', async () => {
    at.fakes.put = () => Promise.reject(new Error('down'));
    expect(await at.receive(at.act.sent({ message: write('hello') }))).toMatchObject({ statusCode: 500 });
  });
});

describe('nobody is answered', () => {
  const event = (changes: object) => {
    const request = at.act.sent({ message: write('hello') });
    const body = JSON.parse(request?.body ?? '');
    return at.signed('application/json', JSON.stringify({ ...body, event: { ...body.event, ...changes } }));
  };

  it.each<[string, object]>([
    ['who is this bot or another', { bot_id: 'B000000001' }],
    ['who is Slack itself', { user: 'USLACKBOT' }],
    ['who edits', { subtype: 'message_changed' }],
    ['who removes what they wrote', { subtype: 'message_deleted' }],
    ['who writes elsewhere', { channel_type: 'channel' }],
    ['who has no name', { user: undefined }],
  ])('%s', async (_, changes) => {
    expect(await at.receive(event(changes))).toEqual({ statusCode: 200, body: '' });
    expect([at.queued, at.events()]).toEqual([[], []]);
  });

  it('for what keyrotate wrote itself', async () => {
    const card = { ...at.message(), user: at.workspace.bot.userId };
    expect(await at.receive(at.act.sent({ message: card }))).toEqual({ statusCode: 200, body: '' });
    expect([at.queued, at.events()]).toEqual([[], []]);
  });
});
