// People write to keyrotate in their own words, and get one useful answer each time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buttons, cards, deliver, drain, write } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;

beforeEach(async () => {
  const keys = [{ age: 83, usedHoursAgo: 40 }];
  const chloes = { 'keyrotate:owner': 'chloe@example.com' };
  story = await begin([
    { name: 'ci-deploy', tags: ANAS, keys },
    { name: 'etl', tags: chloes, keys },
    { name: 'mailer', tags: chloes, keys },
  ]);
});

afterEach(() => story.end());

/** What keyrotate says to it; what the person wrote is not among it. */
async function answers(person: string, text: string): Promise<string[]> {
  const said = () =>
    cards(story.sandbox, person).filter(({ user }) => user === story.sandbox.slack.workspace.bot.userId);
  const before = said().map(({ ts }) => ts);
  await write(story.sandbox, person, text);
  return said()
    .filter(({ ts, deleted }) => !deleted && !before.includes(ts))
    .map(plainText);
}

describe('one answer comes', () => {
  it('to anything: what keyrotate does, what is open, and whom to ask', async () => {
    const [answer, ...more] = await answers(story.people.ana, 'hello, who are you?');
    expect(more).toEqual([]);
    expect(answer).toContain('I look after AWS access keys');
    expect(answer).toContain('1 access key of yours waits for you');
    expect(answer).toContain('ci-deploy');
    expect(answer).toContain(`ask @${story.people.sam}`);
  });

  it('to somebody who has nothing to do', async () => {
    expect(await answers(story.people.ben, 'hi')).toEqual([
      expect.stringContaining('Nothing is waiting for you'),
    ]);
  });

  it('to a command’s word, as the command would', async () => {
    expect(await answers(story.people.ana, 'status')).toEqual([
      expect.stringContaining('You have 1 access key'),
    ]);
    expect(await answers(story.people.ana, 'summary')).toEqual([expect.stringContaining('Only admins')]);
    expect(await answers(story.people.sam, 'summary')).toEqual([expect.stringContaining('account checked')]);
  });

  it('to “not mine”, with the button that opens its form, and to that with what came of it', async () => {
    const { ana } = story.people;
    const [answer] = await answers(ana, 'this one is not mine!');
    expect(answer).toContain('press Not mine beside it');
    expect(answer).toContain('ci-deploy');
    const message = cards(story.sandbox, ana).at(-1);
    if (!message) throw new Error('no answer');
    expect(buttons(message)).toEqual(['Not mine']);
    await story.pressesOn(ana, message, 'Not mine', { 'Whose is it, if you know?': 'Ben has it' });
    expect((await story.user('ci-deploy'))?.owner).toMatchObject({ kind: 'nobody', why: 'disowned' });
    expect(story.told(ana)).toContain('No longer yours: the access key of ci-deploy');
    // Once more, on what is not so any more.
    await story.pressesOn(ana, message, 'Not mine', { 'Whose is it, if you know?': 'Ben has it' });
    expect(story.told(ana)).toContain('only an admin can do that');
  });

  it('to “not mine” of somebody with several, with a button beside each that may be another’s', async () => {
    const { chloe } = story.people;
    await answers(chloe, 'those are not mine');
    const message = cards(story.sandbox, chloe).at(-1);
    expect(message && buttons(message)).toEqual(['Not mine', 'Not mine']);
  });

  it('to a secret, which it does not repeat', async () => {
    const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab';
    const [answer] = await answers(story.people.ana, `is it ${secret}?`);
    expect(answer).toContain('delete your message');
    expect(answer).not.toContain(secret);
  });

  it('to a guest, who is told that it is not for them', async () => {
    expect(await answers(story.people.gus, 'help')).toEqual([expect.stringContaining('guests')]);
  });

  it('to a message that Slack tells of again and again', async () => {
    const { people } = story.sandbox.slack;
    const { ana } = story.people;
    const before = cards(story.sandbox, ana).length;
    const message = people.write({ user: ana, text: 'hello' });
    for (const retry of [0, 1, 2]) {
      await deliver(story.sandbox, people.sent({ message, ...(retry > 0 && { retry }) }));
      await drain(story.sandbox);
    }
    expect(cards(story.sandbox, ana)).toHaveLength(before + 2);
  });
});

it('nothing comes to what keyrotate wrote itself', async () => {
  const { people } = story.sandbox.slack;
  const { ana } = story.people;
  const before = cards(story.sandbox, ana);
  for (const message of before) await deliver(story.sandbox, people.sent({ message }));
  await drain(story.sandbox);
  expect(cards(story.sandbox, ana)).toEqual(before);
});
