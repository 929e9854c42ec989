// Somebody opens Home: what they own, live, with the buttons of its cards; for admins all accounts, and how others see it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { seedIam } from '../sandbox/organisation.ts';
import {
  alteredPress,
  buttons,
  cards,
  deliver,
  drain,
  fillInHome,
  home,
  keysOf,
  openHome,
  passDays,
  pressInHome,
  run,
  submit,
  whispers,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;

const FIND = 'Find an IAM user';
const AS = 'Choose a person';
const BENS = { 'keyrotate:owner': 'ben@example.com' };

beforeEach(async () => {
  story = await begin([
    { name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] },
    { name: 'ci-young', tags: ANAS, keys: [{ age: 20, usedHoursAgo: 40 }] },
    { name: 'dans', tags: { 'keyrotate:owner': 'dan@example.com' }, keys: [{ age: 20 }] },
    { name: 'bens', tags: BENS, keys: [{ age: 100, usedHoursAgo: 40 }] },
  ]);
});

afterEach(() => story.end());

const reads = (person: string) => plainText(home(story.sandbox, person));
const opens = async (person: string) => {
  await openHome(story.sandbox, person);
  return reads(person);
};
const presses = (person: string, button: string, values?: Record<string, string>) =>
  pressInHome(story.sandbox, person, button, values);
const offered = (person: string) => buttons(home(story.sandbox, person));
const published = () => story.sandbox.slack.wire.calls.filter(({ action }) => action === 'views.publish');

describe('an owner', () => {
  it('sees what needs them first, and the rest of what is theirs with its date', async () => {
    const text = await opens(story.people.ana);
    expect(text).toContain('1 access key needs you');
    expect(text).toContain('Replace the access key of ci-deploy by');
    expect(text).toMatch(/…\w{4} · account .* · 83 days old · last used/);
    expect(text.indexOf('ci-deploy')).toBeLessThan(text.indexOf('Nothing to do for these'));
    expect(text).toMatch(/ci-young[\s\S]*20 days old[\s\S]*Due by its age on/);
    expect(text).not.toContain('bens');
    expect(text).not.toContain('All accounts');
  });

  it('presses there, and sees it moved, on the card as well', async () => {
    const { ana } = story.people;
    await opens(ana);
    await presses(ana, 'Create new key');
    expect(keysOf(story.sandbox, 'ci-deploy')).toHaveLength(2);
    expect(reads(ana)).toContain('of ci-deploy is ready');
    expect(offered(ana)).toContain('I replaced it everywhere');
    expect(story.reads(ana, 'ci-deploy')).toContain('of ci-deploy is ready');
  });

  it('fills in a form that was opened there, and is asked there', async () => {
    const { ana } = story.people;
    await opens(ana);
    await presses(ana, 'Create new key');
    await presses(ana, 'I replaced it everywhere', { 'Where did you replace it?': 'web-1' });
    expect(reads(ana)).toContain('Turn off the old key of ci-deploy');
    await presses(ana, 'Turn off the old key');
    expect(reads(ana)).toMatch(/The new key …\w{4} has not been used yet/);
    expect(offered(ana)).toContain('Turn off anyway');
  });

  it('is told there why a press counts for nothing, and sees what is true now', async () => {
    const { ana } = story.people;
    await opens(ana);
    const stale = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
    await story.presses(ana, 'ci-deploy', 'Create new key');
    await deliver(story.sandbox, stale);
    await drain(story.sandbox);
    expect(keysOf(story.sandbox, 'ci-deploy')).toHaveLength(2);
    expect(reads(ana)).toContain('does not fit any more');
    expect(reads(ana)).toContain('of ci-deploy is ready');
    await opens(ana);
    expect(reads(ana)).not.toContain('does not fit any more');
  });

  describe('whose press AWS refuses', () => {
    const refuses = (action: string, code: string, status = 403) =>
      story.sandbox.aws.wire.interfere((call) =>
        call.action === action ? { kind: 'refuse', status, code } : undefined,
      );
    const toldElsewhere = () => whispers(story.sandbox, story.people.ana);
    const directly = () => cards(story.sandbox, story.people.ana).map(plainText).join('\n');

    it('is told there what AWS said, above the buttons that are left, and nowhere else', async () => {
      const { ana } = story.people;
      await opens(ana);
      refuses('CreateAccessKey', 'AccessDenied');
      await presses(ana, 'Create new key');
      expect(reads(ana)).toContain('AWS said no (AccessDenied), so this was not done');
      expect(reads(ana)).toContain('ci-deploy');
      expect(offered(ana)).toContain('Create new key');
      expect([...toldElsewhere(), directly()].join()).not.toContain('AWS said no');
      await opens(ana);
      expect(reads(ana)).not.toContain('AWS said no');
    });

    it('is told there that AWS is too busy, and that the key is still under way where it may exist', async () => {
      const { ana } = story.people;
      await opens(ana);
      refuses('CreateAccessKey', 'Throttling', 400);
      await presses(ana, 'Create new key');
      expect(reads(ana)).toContain('AWS is too busy just now');
      story.sandbox.aws.wire.interfere(({ action }) =>
        action === 'CreateAccessKey' ? { kind: 'lose' } : undefined,
      );
      await presses(ana, 'Create new key');
      expect(reads(ana)).toContain('“Create new key” is still under way');
      expect([...toldElsewhere(), directly()].join()).not.toMatch(/too busy|still under way: AWS/);
    });

    it('is told there of a key whose secret nobody has, with the button that removes it', async () => {
      const { ana } = story.people;
      await opens(ana);
      story.sandbox.aws.wire.interfere(({ action }) => {
        if (action === 'PutSecretValue')
          return { kind: 'refuse', status: 400, code: 'AccessDeniedException' };
        return action === 'DeleteAccessKey'
          ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
          : undefined;
      });
      await presses(ana, 'Create new key');
      story.sandbox.aws.wire.interfere(undefined);
      story.sandbox.clock.advance(16 * MINUTE);
      await presses(ana, 'Open');
      expect(reads(ana)).toContain('If nobody you know made it, remove it with its button');
      expect(offered(ana).join()).toContain('Remove');
    });

    it('is told in the direct conversation where Home cannot be drawn, and once', async () => {
      const { ana } = story.people;
      await opens(ana);
      refuses('CreateAccessKey', 'AccessDenied');
      story.sandbox.slack.wire.interfere(({ action }) =>
        action === 'views.publish' ? { kind: 'refuse', status: 200, code: 'fatal_error' } : undefined,
      );
      await presses(ana, 'Create new key');
      expect(toldElsewhere().filter((words) => words.includes('AWS said no'))).toHaveLength(1);
    });
  });

  it('opens the message from there, and is told where it went', async () => {
    const { ana } = story.people;
    await opens(ana);
    const before = story.live(ana, 'ci-deploy').ts;
    await presses(ana, 'Open');
    expect(story.live(ana, 'ci-deploy').ts).not.toBe(before);
    expect(reads(ana)).toContain('The message about ci-deploy');
  });

  it('with nothing to do reads so, and when the next key is due', async () => {
    const text = await opens(story.people.dan);
    expect(text).toContain('Nothing to do');
    expect(text).toContain('You own 1 IAM user');
    expect(text).toContain('By its age the next key is due by');
  });

  it('is drawn nothing for what moves elsewhere: Home is drawn when it is opened', async () => {
    const { ana } = story.people;
    await opens(ana);
    const before = published().length;
    await story.presses(ana, 'ci-deploy', 'Create new key');
    expect(published()).toHaveLength(before);
    expect(await opens(ana)).toContain('of ci-deploy is ready');
  });

  it('finds what their channel owns, and may press it', async () => {
    const { ben, sam } = story.people;
    await story.types(sam, `assign ci-young <#${story.teamChannel}|team>`);
    await story.types(sam, 'rotate ci-young');
    const text = await opens(ben);
    expect(text).toMatch(/access key of ci-young[\s\S]*Owned by #/);
    await pressInHome(story.sandbox, ben, 'Create new key', {}, 2);
    expect(keysOf(story.sandbox, 'ci-young')).toHaveLength(2);
  });

  it('is looked at anew where Home was drawn since the press: the later drawing is no older', async () => {
    const { ana } = story.people;
    await opens(ana);
    const event = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
    await opens(ana);
    const before = published().length;
    await deliver(story.sandbox, event);
    await drain(story.sandbox);
    expect(reads(ana)).toContain('of ci-deploy is ready');
    const [refused, drawn] = published().slice(before);
    expect(JSON.parse(refused?.reply?.body ?? '')).toMatchObject({ error: 'hash_conflict' });
    expect(drawn?.input).not.toHaveProperty('hash');
  });

  it('is told in the direct conversation of a refusal that Home cannot show', async () => {
    const { ana } = story.people;
    await opens(ana);
    const event = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
    await story.presses(ana, 'ci-deploy', 'Create new key');
    story.sandbox.slack.workspace.bot.hasHomeTab = false;
    await deliver(story.sandbox, event);
    await drain(story.sandbox);
    expect(cards(story.sandbox, ana).map(plainText).at(-1)).toContain('does not fit any more');
  });
});

/** Each call to AWS takes so many ms. */
function slow(ms: number): void {
  story.sandbox.aws.wire.interfere(() => {
    story.sandbox.clock.advance(ms);
    return undefined;
  });
}

describe('in preview', () => {
  it('Home shows what would be asked, with nothing to press', async () => {
    await story.end();
    story = await begin([{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83 }] }], { mode: 'preview' });
    const { ana, sam } = story.people;
    expect(await opens(ana)).toMatch(/Replace the access key of ci-deploy[\s\S]*Preview: /);
    expect(offered(ana)).toEqual([]);
    await opens(sam);
    await fillInHome(story.sandbox, sam, FIND, 'ci-deploy');
    await presses(sam, 'Open');
    expect(cards(story.sandbox, sam).map(plainText).join()).toContain('Preview.');
  });
});

it('back in preview, a press in Home does nothing and says why', async () => {
  const { ana } = story.people;
  await opens(ana);
  const press = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
  const preview = await redeployed(story.sandbox, 'preview', 'stay');
  await deliver(preview, press);
  await drain(preview);
  expect(keysOf(story.sandbox, 'ci-deploy')).toHaveLength(1);
  expect(reads(ana)).toContain('only watch this account so far');
});

describe('others', () => {
  it('without a key read that, and whom to ask', async () => {
    const text = await opens(story.people.chloe);
    expect(text).toContain('No access key of yours');
    expect(text).toContain(`ask @${story.people.sam}`);
    expect(text).toContain('I am keyrotate, and help you replace AWS access keys');
    expect(offered(story.people.chloe)).toEqual([]);
  });

  it('who are guests read why there is nothing for them', async () => {
    const text = await opens(story.people.gus);
    expect(text).toContain('guests');
    expect(text).not.toContain('ci-');
    expect(cards(story.sandbox, story.people.gus)).toEqual([]);
  });

  it('who open the conversation beside it are drawn nothing', async () => {
    const { people } = story.sandbox.slack;
    const event = people.appHomeOpened({ user: story.people.ana, tab: 'messages' });
    expect(await deliver(story.sandbox, event)).toMatchObject({ statusCode: 200 });
    await drain(story.sandbox);
    expect(published()).toEqual([]);
  });
});

describe('an admin', () => {
  it('sees all accounts, what needs a decision with the way to it, and how it went', async () => {
    const { sam } = story.people;
    await passDays(story.sandbox, 15);
    const text = await opens(sam);
    expect(text).toContain('All accounts, for admins');
    expect(text).toMatch(/\d+ of 4 keys/);
    expect(text).toContain('Access keys that are young enough');
    expect(text).toMatch(/% young enough on \w+ \d+, [\d.]+ % on \w+ \d+\./);
    expect(text).toMatch(/2 people do not answer \(\d access keys\)[\s\S]*ana: \d+ days[\s\S]*See who/);
  });

  it('gives owners to all that have none from there', async () => {
    const { sam, ana } = story.people;
    const { aws, clock, organisation } = story.sandbox;
    const orphans = ['orphan-1', 'orphan-2'].map((name) => ({ name, keys: [{ age: 100 }] }));
    seedIam(aws.iam, clock, orphans, organisation.region);
    await run(story.sandbox, 'sweep');
    await opens(sam);
    await presses(sam, 'Assign owners…', {
      'Or write who owns what, a rule on each line': 'orphan-* -> ana@example.com',
    });
    await submit(story.sandbox, sam, {});
    expect((await story.user('orphan-2'))?.owner).toMatchObject({ kind: 'person', slackId: ana });
    expect(await opens(sam)).not.toContain('no owner');
  });

  it('has Home in time where AWS is slow, and reads there what was left out', async () => {
    const { sam } = story.people;
    slow(8_000);
    await openHome(story.sandbox, sam);
    story.sandbox.aws.wire.interfere(undefined);
    expect(published()).toHaveLength(1);
    expect(reads(sam)).toContain('I could not read all of main (1111-2222-3333) in time');
    expect(reads(sam)).toContain('/keyrotate summary reads all.');
    expect(await opens(sam)).not.toContain('in time');
  });

  it('reads the same in words where the workspace takes no charts, and it is not tried twice', async () => {
    const { sam } = story.people;
    story.sandbox.slack.workspace.bot.takesCharts = false;
    await passDays(story.sandbox, 15);
    expect(await opens(sam)).toMatch(/[█░]{20} \d+\.\d %, \w+ \d+/);
    const before = published().length;
    await opens(sam);
    expect(published()).toHaveLength(before + 1);
  });

  it('finds an IAM user by a part of its name, looks at it, and goes back', async () => {
    const { sam, ana } = story.people;
    await story.presses(ana, 'ci-deploy', 'Create new key');
    await opens(sam);
    await fillInHome(story.sandbox, sam, FIND, 'ci-');
    expect(reads(sam)).toContain('2 IAM users with “ci-” in the name');
    await pressInHome(story.sandbox, sam, 'Look', {}, 1);
    expect(reads(sam)).toContain('ci-deploy');
    expect(reads(sam)).toMatch(/owner: ana/);
    expect(reads(sam)).toMatch(/as owner · .*[Nn]ew key/);
    await presses(sam, 'Back');
    expect(reads(sam)).toContain('All accounts, for admins');
    await fillInHome(story.sandbox, sam, FIND, 'nobody-is-called-so');
    expect(reads(sam)).toContain('No IAM user has');
    await fillInHome(story.sandbox, sam, FIND, '<!channel>');
    expect(reads(sam)).toContain('No IAM user can be called that');
  });

  it('sees what an owner sees, with nothing to press on it', async () => {
    const { sam, ana } = story.people;
    await opens(sam);
    await fillInHome(story.sandbox, sam, AS, ana);
    expect(reads(sam)).toContain('sees here');
    expect(reads(sam)).toContain('Replace the access key of ci-deploy');
    expect(offered(sam)).toEqual(['Back']);
    await presses(sam, 'Back');
    expect(reads(sam)).toContain('All accounts, for admins');
  });

  it('is the only one who may: what somebody else sends is refused', async () => {
    const { sam, ben, ana } = story.people;
    await opens(sam);
    await opens(ben);
    const { people } = story.sandbox.slack;
    for (const event of [
      people.fillInHome({ user: sam, label: FIND, given: 'ci-deploy' }),
      people.fillInHome({ user: sam, label: AS, given: ana }),
    ]) {
      const forged = alteredPress(story.sandbox, event, (payload) => {
        payload.user.id = ben;
        payload.trigger_id = `${payload.trigger_id}x`;
      });
      await deliver(story.sandbox, forged);
      await drain(story.sandbox);
      expect(reads(ben)).toContain('Only admins');
      expect(reads(ben)).not.toContain('ci-deploy');
    }
  });
});

it('whoever sends the press of another’s Home changes nothing', async () => {
  const { ana, ben } = story.people;
  await opens(ana);
  await opens(ben);
  const event = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
  await deliver(
    story.sandbox,
    alteredPress(story.sandbox, event, (payload) => {
      payload.user.id = ben;
    }),
  );
  await drain(story.sandbox);
  expect(keysOf(story.sandbox, 'ci-deploy')).toHaveLength(1);
  expect(reads(ben)).toContain(`ask @${story.people.sam}`);
});

it('a press in Home without its drawing counts for nothing', async () => {
  const { ana } = story.people;
  await opens(ana);
  const event = story.sandbox.slack.people.clickInHome({ user: ana, button: 'Create new key' });
  await deliver(
    story.sandbox,
    alteredPress(story.sandbox, event, ({ actions: [action] }) => {
      action.value = action.value.split('#')[0] ?? '';
    }),
  );
  await drain(story.sandbox);
  expect(keysOf(story.sandbox, 'ci-deploy')).toHaveLength(1);
});

it('where Slack has no Home nothing is tried again, and no job is given up', async () => {
  story.sandbox.slack.workspace.bot.hasHomeTab = false;
  await opens(story.people.ana);
  story.sandbox.clock.advance(DAY);
  await run(story.sandbox, 'tick');
  expect(published()).toHaveLength(1);
  expect(story.sandbox.logs().filter((line) => line.includes('home.refused'))).toHaveLength(1);
});
