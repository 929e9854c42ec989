// What one story leaves behind is not there for the next.
import { expect, it } from 'vitest';
import { DAY } from './clock.ts';
import { seedIam } from './organisation.ts';
import { allItems } from './play/items.ts';
import { card, keysOf, press, run } from './play/play.ts';
import type { Sandbox } from './sandbox.ts';
import { sharedSandbox } from './shared.ts';

async function held(sandbox: Sandbox): Promise<object> {
  const { aws, slack } = sandbox;
  const { channels, modals, members, bot } = slack.workspace;
  return {
    users: [...aws.iam.state.users.values()].map(({ userName, tags, keys }) => [userName, tags, keys.length]),
    secrets: [...aws.secrets.state.secrets.keys()],
    queued: [...aws.sqs.state.queues.values()].flatMap(({ messages }) => messages),
    said: [...channels.values()].flatMap(({ messages }) => messages),
    people: [...members.values()].map(({ id, name, deleted }) => [id, name, deleted]),
    open: modals.size,
    token: bot.token,
    items: await allItems(sandbox),
    calls: [...aws.wire.calls, ...slack.wire.calls],
    logs: sandbox.logs(),
  };
}

it('a sandbox that was given back is as it was at first, whatever was done to it, a year later', async () => {
  const first = await sharedSandbox();
  const beginning = await held(first);
  const { ana } = first.organisation.people;
  const from = first.clock.now();
  await run(first, 'sweep');
  await press(first, ana, card(first, ana, 'ci-deploy'), 'Create new key');
  expect(keysOf(first, 'ci-deploy')).toHaveLength(2);
  first.slack.workspace.bot.token = 'xoxb-another';
  first.slack.workspace.members.clear();
  await first.close();

  const second = await sharedSandbox();
  expect(second.aws.wire.url).toBe(first.aws.wire.url);
  expect(await held(second)).toEqual(beginning);
  expect([52, 53]).toContain((second.clock.now() - from) / (7 * DAY));
  await run(second, 'sweep');
  expect(card(second, ana, 'ci-deploy').text).not.toBe('');
  await second.close();
});

it('each story gets the same ids, whatever was played before', async () => {
  const ids: string[][] = [];
  for (const spare of [0, 1, 2]) {
    const sandbox = await sharedSandbox({ seed: 'nobody' });
    const user = { name: 'ci', tags: {}, keys: [{ age: 100 }, { age: 10 }] };
    seedIam(sandbox.aws.iam, sandbox.clock, [user], sandbox.organisation.region);
    ids.push(keysOf(sandbox, 'ci').map(({ id }) => id));
    for (let nth = 0; nth < spare; nth += 1)
      seedIam(sandbox.aws.iam, sandbox.clock, [{ ...user, name: `other-${nth}` }], 'eu-central-1');
    await sandbox.close();
  }
  expect(new Set(ids.map(String)).size).toBe(1);
});

it('what a story begins with is the same in any century', async () => {
  const begun: object[] = [];
  for (const name of ['early', 'late', 'late']) {
    const sandbox = await sharedSandbox(
      { seed: 'nobody' },
      {
        name,
        async play(fresh) {
          const user = { name: 'ci', tags: { 'keyrotate:owner': 'ana@example.com' }, keys: [{ age: 83 }] };
          seedIam(fresh.aws.iam, fresh.clock, [user], fresh.organisation.region);
          await run(fresh, 'sweep');
        },
      },
    );
    const now = sandbox.clock.now();
    const shown = card(sandbox, sandbox.organisation.people.ana, 'ci');
    begun.push({
      keys: keysOf(sandbox, 'ci').map(({ id, createdAt }) => [id, now - createdAt]),
      ago: Math.round(now / 1000 - Number(shown.ts)),
    });
    sandbox.clock.advance(40 * 365 * DAY);
    await sandbox.close();
  }
  expect(begun.slice(1)).toEqual([begun[0], begun[0]]);
});

it('two stories at once have one each, and giving back twice is giving back once', async () => {
  const [one, another] = [await sharedSandbox(), await sharedSandbox()];
  expect(one.aws.wire.url).not.toBe(another.aws.wire.url);
  await one.close();
  await one.close();
  const [third, fourth] = [await sharedSandbox(), await sharedSandbox()];
  expect(third.aws.wire.url).not.toBe(fourth.aws.wire.url);
  for (const sandbox of [another, third, fourth]) await sandbox.close();
});

it('what nobody granted fails the story in which it was tried, and no other', async () => {
  const first = await sharedSandbox();
  first.aws.decisions.push({
    ...{ role: 'slack', action: 'iam:DeleteUser', resource: '*', verdict: 'implicitDeny' },
  } as (typeof first.aws.decisions)[number]);
  await expect(first.close()).rejects.toThrow('slack lacks iam:DeleteUser on *');
  await (await sharedSandbox()).close();
});
