// `/keyrotate list` and `/keyrotate rotate`: one's own keys as AWS has them now, and a rotation at any age.
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { passDays } from '../sandbox/play.ts';
import { plainText } from '../sandbox/slack/transcript.ts';
import { ANAS, begin, type Story } from './story.ts';

let story: Story;
afterEach(() => story.end());

const young = { name: 'reports', tags: ANAS, keys: [{ age: 5, usedHoursAgo: 2, service: 'ecr' }] };
const parked = {
  name: 'archive',
  tags: ANAS,
  keys: [{ age: 30 }, { age: 400, status: 'Inactive' as const }],
};
const bens = { name: 'billing', tags: { mail: 'ben@example.com' }, keys: [{ age: 10 }] };

describe('/keyrotate list', () => {
  it('shows every key of one’s own, due or not: masked, with status, age and last use', async () => {
    story = await begin([young, parked, bens]);
    const said = await story.types(story.people.ana, 'list');
    for (const name of ['reports', 'archive']) expect(said).toContain(name);
    expect(said).not.toContain('billing');
    for (const name of ['reports', 'archive'])
      for (const id of story.keyIds(name)) {
        expect(said).toContain(id.slice(-4));
        expect(said).not.toContain(id);
      }
    expect(said).toContain('ecr');
    expect(said).toMatch(/\boff\b/);
  });

  it('shows somebody else’s to admins only', async () => {
    story = await begin([young, bens]);
    const { ana, ben, sam } = story.people;
    expect(await story.types(sam, `list <@${ben}|ben>`)).toContain('billing');
    expect(await story.types(ana, `list <@${ben}|ben>`)).not.toContain('billing');
  });
});

describe('/keyrotate rotate', () => {
  it('opens a rotation at any age, with the card at once', async () => {
    story = await begin([young]);
    const { ana } = story.people;
    await story.types(ana, 'rotate reports');
    expect(await story.rotation('reports')).toMatchObject({ stage: 'due' });
    await story.presses(ana, 'reports', 'Create new key');
    expect(story.keyIds('reports')).toHaveLength(2);
    expect((await story.rotation('reports'))?.history[0]).toMatchObject({
      what: 'open',
      by: { kind: 'person', slackId: ana },
    });
  });

  it('needs no name from who owns just one, and asks which from who owns several', async () => {
    story = await begin([young, bens]);
    await story.types(story.people.ana, 'rotate');
    expect((await story.rotation('reports'))?.stage).toBe('due');
    await story.end();
    story = await begin([young, parked]);
    const said = await story.types(story.people.ana, 'rotate');
    expect(said).toContain('/reports');
    expect(await story.rotation('reports')).toBeUndefined();
  });

  it('is refused to whoever does not own it, and nothing is opened', async () => {
    story = await begin([young, bens]);
    const said = await story.types(story.people.ana, 'rotate billing');
    expect(await story.rotation('billing')).toBeUndefined();
    expect(said).toMatch(/Only/);
  });

  it('says so when there is no such IAM user', async () => {
    story = await begin([young]);
    expect(await story.types(story.people.ana, 'rotate nowhere')).toContain('nowhere');
  });
});

describe('the next rotation', () => {
  it('begins when the new key has grown old itself, and shows where the key was replaced last time', async () => {
    story = await begin([{ name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] }]);
    const { ana } = story.people;
    const [old = ''] = story.keyIds('ci-deploy');
    await story.presses(ana, 'ci-deploy', 'Create new key');
    const fresh = story.keyIds('ci-deploy').find((id) => id !== old) ?? '';
    await story.uses(fresh);
    await story.presses(ana, 'ci-deploy', 'I replaced it everywhere', {
      'Where did you replace it?': 'GitHub org/app, web-1',
    });
    await story.presses(ana, 'ci-deploy', 'Turn off the old key');
    await passDays(story.sandbox, 8);
    await story.presses(ana, 'ci-deploy', 'Delete for good');
    story.sandbox.clock.advance(70 * DAY);
    await passDays(story.sandbox, 3);
    expect(await story.rotation('ci-deploy')).toMatchObject({ stage: 'due', oldKeyId: fresh });
    await story.presses(ana, 'ci-deploy', 'Create new key');
    expect(plainText(story.live(ana, 'ci-deploy'))).toContain('GitHub org/app, web-1');
  });
});
