// Thousands of requests to the slack function, forged, bent and foreign: it answers all of them, and nothing comes of any.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver, keysOf, recordOf } from '../../sandbox/play/play.ts';
import { type Sandbox, SIGNING_SECRET } from '../../sandbox/sandbox.ts';
import { plainText } from '../../sandbox/servers/slack/transcript.ts';
import { nextId } from '../../sandbox/servers/slack/workspace.ts';
import { ANAS, begin, type Story } from '../story.ts';
import { anyForgery, anyWrapping, sent } from './envelopes.ts';
import { anyContent, anyOwnersContent, anyPress, changed, changes, type Sender } from './hostile-payloads.ts';
import { pressOf } from './presses.ts';
import { isWrite } from './writes.ts';

/** `npm run thorough` sends them all; `npm test` a share. */
const share = (all: number) => (process.env.THOROUGH ? all : Math.round(all / 14));
/** A request that got through has changed what the next ones meet: the first is the one to look at. */
const runs = (all: number) => ({ numRuns: share(all), endOnFailure: true });
/** Slack waits three seconds: the secrets, the one thing that was asked, and a word to whoever asked it. */
const MOST_CALLS = 3;

const ANAS_KEY = 'ci-deploy';
const DANS_KEY = 'dans-app';
const NOBODYS_KEY = 'no-owner';

let story: Story;
let sandbox: Sandbox;
let before: unknown;

beforeAll(async () => {
  const keys = [{ age: 83, usedHoursAgo: 40 }];
  story = await begin([
    { name: ANAS_KEY, tags: ANAS, keys },
    { name: DANS_KEY, tags: { 'keyrotate:owner': 'dan@example.com' }, keys },
    { name: NOBODYS_KEY, keys },
  ]);
  sandbox = story.sandbox;
  // A card introduces keyrotate until it is drawn anew.
  const { ana } = story.people;
  const user = { account: story.account, userName: ANAS_KEY };
  const { channel } = story.live(ana, ANAS_KEY);
  await deliver(sandbox, pressOf(sandbox, ana, { user, card: { channel, ts: '1.000001' } }, 'createKey'));
  await sandbox.queues.pump();
  before = await state();
});

afterAll(() => story.end());

const signer = () => ({ signingSecret: SIGNING_SECRET, clock: sandbox.clock });

/** Presses Ana's card. */
function sender(slackId: string, targets: readonly string[], ts?: string): Sender {
  const { clock, slack } = sandbox;
  const { workspace } = slack;
  const live = story.live(story.people.ana, ANAS_KEY);
  return {
    ...{ slackId, teamId: workspace.team.id, appId: workspace.appId, targets },
    card: { channel: live.channel, ts: ts ?? live.ts },
    now: () => Math.floor(clock.now() / 1000),
    triggerId() {
      const id = nextId(workspace, 'trigger.');
      workspace.triggers.set(id, { id, user: slackId, createdAt: clock.now(), used: false });
      return id;
    },
  };
}

const named = (...names: string[]) => names.map((name) => `${story.account}/${name}`);

/** Nothing here is theirs. One of them left, and one never was. */
function strangers(): string[] {
  const { ben, gus, lena } = story.people;
  return [ben, gus, lena, 'U000000ZZZ'];
}

/** IAM, the vault, the records but for what is owed to a card, and what stands in Slack but for answers to those who ask. */
async function state() {
  const { iam, secrets } = sandbox.aws;
  const { ana } = story.people;
  const records = await Promise.all(
    [ANAS_KEY, DANS_KEY, NOBODYS_KEY].map(async (name) => {
      const { current, closed } = await recordOf(sandbox, name);
      const { rotation, owner, card, claim } = current ?? {};
      return { rotation, owner, card, claim, closed, keys: structuredClone(keysOf(sandbox, name)) };
    }),
  );
  const ofNoSender = [...sandbox.slack.workspace.channels.values()].filter(
    ({ im }) => im === undefined || ![ana, ...strangers()].includes(im),
  );
  const said = [story.live(ana, ANAS_KEY), ...ofNoSender.flatMap(({ messages }) => messages)];
  return {
    ...{ records, users: iam.state.users.size, secrets: secrets.state.secrets.size },
    said: said.map((message) => `${message.ts} ${message.deleted} ${plainText(message)}`),
  };
}

/** Delivers it, and what it left in the queue; the answer, and how much was asked of others for it. */
async function receive(event: unknown) {
  const calls = () => sandbox.aws.wire.calls.length + sandbox.slack.wire.calls.length;
  const from = calls();
  const { statusCode } = await deliver(sandbox, event);
  const asked = calls() - from;
  const wire = sandbox.aws.wire.calls.length;
  const jobs = await sandbox.queues.pump();
  // A job that failed would wait there, and hold up others.
  expect(sandbox.queues.nextVisibleAt()).toBeUndefined();
  const done = sandbox.aws.wire.calls.slice(wire);
  expect(done.filter(isWrite)).toEqual([]);
  const hasSaved = done.some(({ action }) => action === 'PutItem');
  if (hasSaved) expect(await state()).toEqual(before);
  return { statusCode, asked, jobs };
}

describe('nothing comes', () => {
  it('of what Slack did not sign as it is, and nobody is asked for anything', async () => {
    const { ana, sam } = story.people;
    const targets = named(ANAS_KEY);
    // So that the signing secret is known.
    await deliver(sandbox, sent(signer(), { fields: { ssl_check: '1' } }));
    await fc.assert(
      fc.asyncProperty(anyContent, anyForgery, fc.boolean(), async (content, forge, asAdmin) => {
        const event = sent(signer(), content(sender(asAdmin ? sam : ana, targets)));
        const { statusCode, asked, jobs } = await receive(forge(event, signer()));
        expect([400, 401, 413]).toContain(statusCode);
        expect([asked, jobs]).toEqual([0, 0]);
      }),
      runs(5000),
    );
    expect(await state()).toEqual(before);
  });

  it('of what people do who have no say in it, however it is bent', async () => {
    const targets = named(ANAS_KEY, DANS_KEY, NOBODYS_KEY, 'nobody-at-all');
    const event = fc
      .tuple(fc.constantFrom(...strangers()), anyContent, changes, anyWrapping)
      .map(([slackId, content, bent, wrap]) => () => {
        return wrap(sent(signer(), changed(content(sender(slackId, targets)), bent)));
      });
    await allComeToNothing(event, 3500);
  });

  it('of what an owner presses or types about what is not theirs', async () => {
    const targets = [...named(DANS_KEY, NOBODYS_KEY, 'nobody-at-all'), `999988887777/${ANAS_KEY}`];
    const event = fc.tuple(anyOwnersContent, changes).map(([content, bent]) => () => {
      return sent(signer(), changed(content(sender(story.people.ana, targets)), bent));
    });
    await allComeToNothing(event, 1500);
  });

  it('of what an owner presses on another message than the one that counts', async () => {
    const event = fc.tuple(anyPress, changes).map(([content, bent]) => () => {
      return sent(signer(), changed(content(sender(story.people.ana, named(ANAS_KEY), '1.000001')), bent));
    });
    await allComeToNothing(event, 700);
  });
});

/** Each is made when it is sent: signed then, and with a trigger of its own. */
async function allComeToNothing(
  events: fc.Arbitrary<() => APIGatewayProxyEventV2>,
  count: number,
): Promise<void> {
  let queued = 0;
  await fc.assert(
    fc.asyncProperty(events, async (make) => {
      const event = make();
      const { statusCode, asked, jobs } = await receive(event);
      expect([200, 400, 403, 413], JSON.stringify(event).slice(0, 3000)).toContain(statusCode);
      expect(asked).toBeLessThanOrEqual(MOST_CALLS);
      queued += jobs;
    }),
    runs(count),
  );
  expect(await state()).toEqual(before);
  // Otherwise all of it would hold for a door that is shut.
  expect(queued).toBeGreaterThan(share(count) / 40);
}
