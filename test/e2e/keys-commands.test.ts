// `/keyrotate list` and `/keyrotate rotate`: one's own keys as AWS has them now, and a rotation at any age.
import { afterEach, describe, expect, it } from 'vitest';
import { DAY } from '../sandbox/clock.ts';
import { passDays } from '../sandbox/play/play.ts';
import type { SandboxOptions } from '../sandbox/sandbox.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
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

  it('asked for by an admin it is told to the owner', async () => {
    const { ana, sam, younger } = await given();
    await story.types(sam, `rotate deploy ${younger}`);
    await passDays(story.sandbox, 1);
    expect(story.reads(ana, 'deploy')).toContain(younger.slice(-4));
    expect(await story.history('deploy')).toEqual(['open', 'switchKey']);
  });

  it('says which keys there are when none ends so, and which rotation comes first', async () => {
    const { ana, older, younger } = await given();
    const said = await story.types(ana, 'rotate deploy ZZZZ');
    for (const id of [older, younger]) expect(said).toContain(`…${id.slice(-4)}`);
    await story.presses(ana, 'deploy', `…${younger.slice(-4)} replaces …${older.slice(-4)}`);
    expect(await story.types(ana, `rotate deploy ${younger.slice(-4)}`)).toContain('is taking the place of');
    expect(await story.rotation('deploy')).toMatchObject({ stage: 'issued', oldKeyId: older });
  });
});

describe('what a private channel owns', () => {
  const shared = { name: 'shared-etl', keys: [{ age: 30, usedHoursAgo: 2 }] };
  const due = { name: 'team-deploy', keys: [{ age: 83, usedHoursAgo: 30 }] };
  const anas = { name: 'ci-deploy', tags: ANAS, keys: [{ age: 83, usedHoursAgo: 30 }] };

  /** The team's channel is Ana's and Ben's. */
  async function teamOwns(...names: string[]) {
    return teamOwnsWith({}, ...names);
  }

  async function teamOwnsWith(options: SandboxOptions, ...names: string[]) {
    story = await begin([shared, due, anas], options);
    const { sam } = story.people;
    for (const name of names) await story.types(sam, `assign ${name} <#${story.teamChannel}|payments-team>`);
    const channel = story.sandbox.slack.workspace.channels.get(story.teamChannel);
    if (!channel) throw new Error('there is no channel');
    return { ...story.people, channel };
  }

  it('is seen by its members, who are told whose it is, and rotate it from there', async () => {
    const { ana, ben, chloe } = await teamOwns('shared-etl', 'team-deploy');
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

  it('is rotated without a name by a member who has nothing else', async () => {
    const { ben } = await teamOwns('shared-etl');
    await story.types(ben, 'rotate');
    expect((await story.rotation('shared-etl'))?.stage).toBe('due');
  });

  it('is shown to admins who ask for somebody’s', async () => {
    const { ben, sam } = await teamOwns('shared-etl', 'team-deploy');
    expect(await story.types(sam, `list <@${ben}|ben>`)).toMatch(/The channels of .+ own 2 IAM users/);
    expect(await story.types(sam, `status <@${ben}|ben>`)).toContain('team-deploy');
  });

  it.each<[string, (channel: Channel, ben: string) => void]>([
    [
      'after they left it',
      (channel, ben) => {
        channel.members = channel.members.filter((member) => member !== ben);
      },
    ],
    [
      'once it is shared with another organisation',
      (channel) => {
        channel.is_ext_shared = true;
      },
    ],
    [
      'once it is open to all',
      (channel) => {
        channel.is_private = false;
      },
    ],
    [
      'once it is archived',
      (channel) => {
        channel.is_archived = true;
      },
    ],
  ])('is seen by nobody %s', async (_, change) => {
    const { ben, channel } = await teamOwns('shared-etl', 'team-deploy');
    expect(await story.types(ben, 'status')).toContain('team-deploy');
    change(channel, ben);
    for (const command of ['status', 'list', 'rotate'])
      expect(await story.types(ben, command)).not.toMatch(/team-deploy|shared-etl|owned by/);
    expect(await story.rotation('shared-etl')).toBeUndefined();
  });

  it('is not seen by a guest in the channel', async () => {
    const { gus, channel } = await teamOwns('team-deploy');
    channel.members.push(gus);
    for (const command of ['status', 'list', 'rotate'])
      expect(await story.types(gus, command)).not.toContain('team-deploy');
  });

  it('is missing while Slack does not answer, in time for one’s own to be read', async () => {
    const { ana } = await teamOwnsWith({ isPatient: true }, 'team-deploy');
    const { wire } = story.sandbox.slack;
    wire.interfere(() => ({ kind: 'hang', takesEffect: false }));
    const before = performance.now();
    const status = await story.types(ana, 'status');
    expect(performance.now() - before).toBeLessThan(2500);
    wire.interfere(({ action }) =>
      action === 'users.conversations' ? { kind: 'refuse', status: 200, code: 'internal_error' } : undefined,
    );
    for (const answer of [status, await story.types(ana, 'status'), await story.types(ana, 'list')]) {
      expect(answer).toContain('ci-deploy');
      expect(answer).toContain('I could not look up your channels');
      expect(answer).not.toContain('team-deploy');
    }
    expect(await story.types(ana, 'rotate')).toContain('nothing was started. Name the IAM user');
    wire.interfere(undefined);
    expect(await story.types(ana, 'status')).toContain('team-deploy');
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
