// An owner who does not know where to begin is shown how, for the tool that they use, with what is theirs filled in.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whispers } from '../sandbox/play/play.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;

beforeEach(async () => {
  story = await begin([{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 40 }] }]);
});
afterEach(() => story.end());

const creates = () => story.presses(story.people.ana, 'ci-deploy', 'Create new key');

it('the card has a menu of tools, and a choice is answered to whoever chose, with the path of their secret', async () => {
  const { ana, sam } = story.people;
  await creates();
  await story.presses(ana, 'ci-deploy', 'GitHub Actions');
  const answer = whispers(story.sandbox, ana).at(-1) ?? '';
  expect(answer).toContain('gh secret set AWS_SECRET_ACCESS_KEY --repo OWNER/REPOSITORY');
  expect(answer).toMatch(
    /--secret-id \/iam\/keys\/111122223333\/ci-deploy\/AIDA\w+ --version-id [0-9a-f-]{36}/,
  );
  expect(whispers(story.sandbox, sam)).toEqual([]);
  expect((await story.rotation('ci-deploy'))?.stage).toBe('issued');
});

it('can be typed, for oneself and by admins; others hear whose it is', async () => {
  const { ana, ben, sam } = story.people;
  await creates();
  for (const person of [ana, sam])
    expect(await story.types(person, 'how ci-deploy kubernetes')).toContain('kubectl apply --server-side');
  expect(await story.types(ana, 'how ci-deploy')).toContain('aws configure set');
  const refused = await story.types(ben, 'how ci-deploy docker');
  expect(refused).toContain('or an admin can do that');
  expect(refused).not.toContain('secret-id');
});

it('says so where there is no new key to put in place', async () => {
  const { ana } = story.people;
  expect(await story.types(ana, 'how ci-deploy')).toContain('has no new key of mine to put in place');
});
