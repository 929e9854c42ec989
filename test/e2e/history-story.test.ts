// Whoever answers for a key, and whoever audits it, reads back what was done to it, and finds the calls in CloudTrail.
import { afterEach, expect, it } from 'vitest';
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
