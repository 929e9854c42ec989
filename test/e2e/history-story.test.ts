// Whoever answers for a key, and whoever audits it, reads back what was done to it, and finds the calls in CloudTrail.
import { afterEach, expect, it } from 'vitest';
import { removeKey } from '../sandbox/play/console.ts';
import { cards, home, openHome, pressInHome, run } from '../sandbox/play/play.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;
afterEach(() => story.end());

it('the history tells each step of a rotation with the request ids of its calls, to the owner and to admins', async () => {
  story = await begin([{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
  const { ana, ben, sam } = story.people;
  await story.presses(ana, 'ci-deploy', 'Create new key');
  const created = (await story.rotation('ci-deploy'))?.history.at(-1);
  const [requestId = 'none'] = created?.awsRequestIds ?? [];
  for (const person of [ana, sam]) {
    const answer = await story.types(person, 'history ci-deploy');
    expect(answer).toContain('1 rotation of ci-deploy');
    expect(answer).toMatch(/A new key was created\..*The rotation was started\./s);
    expect(answer).toContain(requestId);
  }
  const refused = await story.types(ben, 'history ci-deploy');
  expect(refused).toContain('or an admin can do that');
  expect(refused).not.toContain(requestId);
});

it('is asked for in the menu of a card, whoever reads it and however far it is, and answered to that person alone', async () => {
  story = await begin([{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
  const { sandbox } = story;
  const { ana } = story.people;
  const asks = async () => {
    await story.presses(ana, 'ci-deploy', 'History');
    return story.told(ana);
  };
  expect(await asks()).toContain('The rotation was started.');
  await story.presses(ana, 'ci-deploy', 'Create new key');
  expect(await asks()).toContain('A new key was created.');
  await openHome(sandbox, ana);
  await pressInHome(sandbox, ana, 'History');
  expect(plainText(home(sandbox, ana))).toMatch(
    /1 rotation of ci-deploy.*A new key was created\..*is ready/s,
  );
  await story.presses(ana, 'ci-deploy', 'Discard new key');
  removeKey(sandbox, 'ci-deploy', story.keyIds('ci-deploy')[0] ?? '');
  await run(sandbox, 'sweep');
  await story.looksTwice();
  expect((await story.rotation('ci-deploy'))?.stage).toBe('resolved');
  const over = cards(sandbox, ana).at(-1);
  if (over) await story.pressesOn(ana, over, 'History');
  expect(story.told(ana)).toContain('The old key was deleted in AWS.');
});
