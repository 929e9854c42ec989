// `/keyrotate list` and `/keyrotate rotate`: one's own keys as AWS has them now, and a rotation at any age.
import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../sandbox/sandbox.ts';
import type { Channel } from '../sandbox/servers/slack/workspace.ts';
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
});

describe('/keyrotate rotate, with the last four of a key', () => {
  const two = {
    name: 'deploy',
    tags: ANAS,
    keys: [
      { age: 83, usedHoursAgo: 30 },
      { age: 5, usedHoursAgo: 50 },
    ],
  };
  const given = async () => {
    story = await begin([two]);
    const [older = '', younger = ''] = story.keyIds('deploy');
    return { ana: story.people.ana, sam: story.people.sam, older, younger };
  };

  it('turns off the younger of two keys now: an incident does not wait for its age', async () => {
    const { ana, older, younger } = await given();
    await story.types(ana, `rotate deploy ${younger.slice(-4).toLowerCase()}`);
    expect(await story.rotation('deploy')).toMatchObject({ stage: 'due', oldKeyId: younger });
    const off = `Turn off …${younger.slice(-4)}`;
    expect(story.offered(ana, 'deploy')).toContain(off);
    await story.presses(ana, 'deploy', off);
    expect(story.stateOf('deploy', younger)).toBe('Inactive');
    expect(story.stateOf('deploy', older)).toBe('Active');
  });
});

describe('what a private channel owns', () => {
  const shared = { name: 'shared-etl', keys: [{ age: 30, usedHoursAgo: 2 }] };
  const due = { name: 'team-deploy', keys: [{ age: 83, usedHoursAgo: 30 }] };
  const anas = { name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] };

  /** The team's channel is Ana's and Ben's. */
  async function teamOwns(names: string[], options: SandboxOptions = {}) {
    story = await begin([shared, due, anas], options);
    const { sam } = story.people;
    for (const name of names) await story.types(sam, `assign ${name} <#${story.teamChannel}|payments-team>`);
    const channel = story.sandbox.slack.workspace.channels.get(story.teamChannel);
    if (!channel) throw new Error('there is no channel');
    return { ...story.people, channel };
  }

  it('is seen by its members, who are told whose it is, and rotate it from there', async () => {
    const { ana, ben, chloe } = await teamOwns(['shared-etl', 'team-deploy']);
    const status = await story.types(ana, 'status');
    expect(status).toContain('You and your channels have 2 access keys to rotate');
    const owner = `· owned by #${story.teamChannel}`;
    expect(status).toMatch(new RegExp(`of team-deploy in account [^·\\n]+ ${owner}$`, 'm'));
    expect(status).toMatch(/of ci-deploy in account [^·\n]+$/m);
    const listed = await story.types(ben, 'list');
    expect(listed).toContain('Your channels own 2 IAM users');
    expect(listed).toMatch(new RegExp(`shared-etl · account [^·\\n]+ ${owner}$`, 'm'));
    expect(await story.types(ben, 'rotate')).toContain('shared-etl');
    expect(await story.types(ben, 'rotate shared-etl')).toContain(`is in #${story.teamChannel} now`);
    expect(await story.rotation('shared-etl')).toMatchObject({
      stage: 'due',
      history: [{ what: 'open', by: { slackId: ben, as: 'owner' } }],
    });
    for (const command of ['status', 'list', 'rotate'])
      expect(await story.types(chloe, command)).not.toMatch(/team-deploy|shared-etl|owned by/);
  });

  it.each<[string, (channel: Channel, ben: string) => void]>([
    ['after they left it', (channel, ben) => channel.members.splice(channel.members.indexOf(ben), 1)],
    [
      'once it is shared with another organisation',
      (channel) => Object.assign(channel, { is_ext_shared: true }),
    ],
  ])('is seen by nobody %s', async (_, change) => {
    const { ben, channel } = await teamOwns(['shared-etl', 'team-deploy']);
    expect(await story.types(ben, 'status')).toContain('team-deploy');
    change(channel, ben);
    for (const command of ['status', 'list', 'rotate'])
      expect(await story.types(ben, command)).not.toMatch(/team-deploy|shared-etl|owned by/);
    expect(await story.rotation('shared-etl')).toBeUndefined();
  });

  it('is missing while Slack does not say who is in which channel; one’s own is told all the same', async () => {
    const { ana } = await teamOwns(['team-deploy']);
    const { wire } = story.sandbox.slack;
    wire.interfere(({ action }) =>
      action === 'users.conversations' ? { kind: 'refuse', status: 200, code: 'internal_error' } : undefined,
    );
    for (const answer of [await story.types(ana, 'status'), await story.types(ana, 'list')]) {
      expect(answer).toContain('ci-deploy');
      expect(answer).toContain('I could not look up your channels');
      expect(answer).not.toContain('team-deploy');
    }
    expect(await story.types(ana, 'rotate')).toContain(
      'nothing was started. Type /keyrotate rotate with the name',
    );
    wire.interfere(undefined);
    expect(await story.types(ana, 'status')).toContain('team-deploy');
  });
});

describe('a name that is typed in another case', () => {
  const records = async () => ({ as: await story.user('reports'), typed: await story.user('REPORTS') });

  it('means the same IAM user, and is no way around an admin’s word', async () => {
    story = await begin([young]);
    const { ana, ben, sam } = story.people;
    await story.types(sam, `assign Reports <@${ben}|ben>`);
    expect((await records()).as?.owner).toMatchObject({ slackId: ben });

    expect(await story.types(ana, 'rotate REPORTS')).toContain('who owns this key');
    expect(await story.types(ben, 'rotate REPORTS')).not.toContain('no IAM user');
    expect(await records()).toMatchObject({ as: { rotation: { stage: 'due' } }, typed: undefined });
    expect(story.offered(ben, 'reports')).toContain('Create new key');
  });
});
