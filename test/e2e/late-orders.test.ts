// What an admin or an owner asked for was given up, and is put back days later: it never undoes what was decided since.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../sandbox/clock.ts';
import { recreateUser } from '../sandbox/play/console.ts';
import { buttons, deliver, drain, passDays, passTime, press } from '../sandbox/play/play.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { queue } from './mortal-world.ts';
import { ANAS, begin, type Story } from './story.ts';

const USER = 'ci-deploy';
const OVERTAKEN = 'has decided about this IAM user since';

let story: Story;
let sandbox: Sandbox;

async function given(...keys: { age: number; usedHoursAgo: number }[]): Promise<void> {
  story = await begin([{ name: USER, tags: ANAS, keys }]);
  sandbox = story.sandbox;
}

afterEach(() => story.end());

/** Slack’s request is queued, tried in vain, and lies among the dead letters. */
async function givenUp(event: unknown): Promise<void> {
  expect((await deliver(sandbox, event)).statusCode).toBe(200);
  const clicks = queue(sandbox, 'clicks');
  const [message] = clicks.messages;
  if (!message) throw new Error('nothing was queued');
  clicks.purge();
  queue(sandbox, 'clicks-dead').bury(message, clicks.arn);
  sandbox.clock.advance(HOUR);
}

function typed(text: string, user = story.people.sam) {
  const isSam = user === story.people.sam;
  const channel = isSam ? story.adminChannel : openDm(sandbox.slack.workspace, user).id;
  return sandbox.slack.people.slashCommand({ user, channel, text });
}

const pressed = (message: Message, button: string) =>
  sandbox.slack.people.click({ user: story.people.sam, message, button });

async function types(text: string, user = story.people.sam): Promise<void> {
  await deliver(sandbox, typed(text, user));
  await drain(sandbox);
}

async function redrives(): Promise<void> {
  sandbox.clock.advance(MINUTE);
  await types('redrive');
}

const ownerOf = async () => (await story.user(USER))?.owner;
const said = () =>
  sandbox.slack.workspace.channels
    .get(story.adminChannel)
    ?.messages.filter(({ ephemeralTo }) => ephemeralTo === story.people.sam)
    .map(plainText) ?? [];
const postWith = (button: string) => {
  const post = story.adminPosts().findLast((one) => buttons(one).includes(button));
  if (!post) throw new Error(`nothing was posted with “${button}”`);
  return post;
};

describe('an owner that was named days ago', () => {
  // One with an open rotation, one without.
  describe.each([83, 3])('for a key of %i days', (age) => {
    beforeEach(() => given({ age, usedHoursAgo: 30 }));

    it('counts where nobody has decided since', async () => {
      await givenUp(typed(`assign ${USER} <@${story.people.ben}>`));
      await passDays(sandbox, 5);
      await redrives();
      expect(await ownerOf()).toMatchObject({ slackId: story.people.ben });
    });

    it('does not come back over the one who was named since, and the admin hears why', async () => {
      await givenUp(typed(`assign ${USER} <@${story.people.ben}>`));
      await types(`assign ${USER} <@${story.people.dan}>`);
      await passDays(sandbox, 5);
      await redrives();
      expect(await ownerOf()).toMatchObject({ slackId: story.people.dan });
      expect(said().join('\n')).toContain(OVERTAKEN);
    });

    it('does not come back where another was named and taken away again since', async () => {
      await givenUp(typed(`assign ${USER} <@${story.people.ben}>`));
      await types(`assign ${USER} <@${story.people.dan}>`);
      await types(`unassign ${USER}`);
      await passDays(sandbox, 5);
      await redrives();
      expect(await ownerOf()).toMatchObject({ slackId: story.people.ana, from: 'ownerTag' });
    });

    it('is not taken away by an “unassign” of before', async () => {
      await types(`assign ${USER} <@${story.people.ben}>`);
      sandbox.clock.advance(HOUR);
      await givenUp(typed(`unassign ${USER}`));
      await types(`assign ${USER} <@${story.people.dan}>`);
      await redrives();
      expect(await ownerOf()).toMatchObject({ slackId: story.people.dan });
      expect(said().join('\n')).toContain(OVERTAKEN);
    });

    it('does not become the owner of another IAM user that bears the name by now', async () => {
      await givenUp(typed(`assign ${USER} <@${story.people.ben}>`));
      recreateUser(sandbox, USER, ANAS);
      await story.looksTwice();
      await redrives();
      expect((await ownerOf())?.slackId).not.toBe(story.people.ben);
      expect(said().join('\n')).toContain('was made after that');
    });
  });

  it('does not come back after Ana said that it is not hers', async () => {
    await given({ age: 83, usedHoursAgo: 30 });
    await givenUp(typed(`assign ${USER} <@${story.people.ana}>`));
    await story.presses(story.people.ana, USER, 'Not mine', { 'Whose is it, if you know?': 'Ben has it' });
    await redrives();
    expect(await ownerOf()).toMatchObject({ kind: 'nobody', why: 'disowned' });
  });

  it('counts when it was asked for later, however long the one before took', async () => {
    await given({ age: 83, usedHoursAgo: 30 });
    const first = typed(`assign ${USER} <@${story.people.ben}>`);
    sandbox.clock.advance(MINUTE);
    const second = typed(`assign ${USER} <@${story.people.dan}>`);
    sandbox.clock.advance(MINUTE);
    for (const event of [first, second]) await deliver(sandbox, event);
    await drain(sandbox);
    expect(await ownerOf()).toMatchObject({ slackId: story.people.dan });
  });
});

describe('a row that was handed over days ago', () => {
  it('is passed over where somebody has decided since', async () => {
    story = await begin([{ name: USER, tags: {}, keys: [{ age: 83, usedHoursAgo: 30 }] }]);
    sandbox = story.sandbox;
    const label = buttons(story.adminPosts().at(-1) as Message).find((one) => one.startsWith('Hand over'));
    await deliver(sandbox, pressed(postWith(label ?? ''), label ?? ''));
    const [view] = [...sandbox.slack.workspace.modals.values()].slice(-1);
    if (!view) throw new Error('no form was opened');
    const { ben, dan } = story.people;
    await givenUp(sandbox.slack.people.submit({ view, values: { 'To whom?': ben } }));
    await types(`assign ${USER} <@${dan}>`);
    await types(`unassign ${USER}`);
    expect(await ownerOf()).toMatchObject({ kind: 'nobody' });
    await redrives();
    expect(await ownerOf()).toMatchObject({ kind: 'nobody' });
    expect(said().join('\n')).toContain('had its owner decided after you asked for that');
  });
});

describe('a rotation that was asked for days ago', () => {
  beforeEach(() => given({ age: 30, usedHoursAgo: 30 }));
  const { rotates, ends } = {
    rotates: () => types(`rotate ${USER}`, story.people.ana),
    async ends() {
      const { ana } = story.people;
      await story.presses(ana, USER, 'Create new key');
      await story.uses(story.keyIds(USER)[1] ?? '');
      await story.presses(ana, USER, 'I replaced it everywhere');
      await story.presses(ana, USER, 'Turn off the old key');
      if (story.offered(ana, USER).includes('Turn off anyway'))
        await story.presses(ana, USER, 'Turn off anyway');
      await passDays(sandbox, 8);
      await story.presses(ana, USER, 'Delete for good');
    },
  };

  it('begins where none was since', async () => {
    await givenUp(typed(`rotate ${USER}`, story.people.ana));
    await passDays(sandbox, 5);
    await redrives();
    expect(await story.rotation(USER)).toMatchObject({ stage: 'due' });
  });

  it('does not begin anew with the key that came of it when it was asked for again', async () => {
    await givenUp(typed(`rotate ${USER}`, story.people.ana));
    await rotates();
    await ends();
    await redrives();
    expect(await story.rotation(USER)).toMatchObject({ stage: 'deleted' });
    expect(story.told(story.people.ana)).toContain(OVERTAKEN);
  });
});

describe('a nudge of days ago', () => {
  it('is left out where the owner has heard since', async () => {
    await given({ age: 83, usedHoursAgo: 30 });
    await passTime(sandbox, 7 * DAY);
    await passTime(sandbox, 7 * DAY);
    await givenUp(pressed(postWith('Nudge'), 'Nudge'));
    await press(sandbox, story.people.sam, postWith('Nudge'), 'Nudge');
    await passTime(sandbox, 2 * DAY);
    const before = (await story.user(USER)) as { nudged?: object } | undefined;
    await redrives();
    expect(((await story.user(USER)) as { nudged?: object } | undefined)?.nudged).toEqual(before?.nudged);
    expect(said().join('\n')).toContain('was told to its owner after you asked for that');
  });
});
