// Every alarm of serverless.yml rings for its cause and falls silent when that is mended; without a cause none rings.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionName, readAlarms, readDashboard } from '../sandbox/deployment/serverless-file.ts';
import { type SeededUser, seedIam } from '../sandbox/organisation.ts';
import { removeKey, tag } from '../sandbox/play/console.ts';
import { deliver, keysOf, liveCard } from '../sandbox/play/play.ts';
import { metricsShown } from '../sandbox/servers/aws/cloudwatch-dashboard.ts';
import { signedRequest } from '../sandbox/servers/slack/signed-request.ts';
import type { Interference } from '../sandbox/servers/wire.ts';
import { ALARM_TOPIC } from '../sandbox/watch.ts';
import { startWatched, type Watched } from '../sandbox/watched.ts';

let watched: Watched;

const CLICKS = 'keyrotate-dev-clicks.fifo';
const UPKEEP = 'keyrotate-dev-upkeep.fifo';

/** Whoever owns something is written to within the half hour. */
beforeAll(async () => {
  watched = await startWatched({ seed: 'nobody' });
  seeds(
    ...Object.entries(OWNED).map(([owner, name]) => ({
      ...{ name, keys: [{ age: 83 }] },
      tags: { 'keyrotate:owner': `${owner}@example.com` },
    })),
    { name: 'orphan', keys: [{ age: 83 }] },
  );
  await watched.pass(30);
});

function seeds(...users: SeededUser[]): void {
  const { aws, clock, organisation } = watched.sandbox;
  seedIam(aws.iam, clock, users, organisation.region);
}

afterAll(() => watched.sandbox.close());

const aws = (fault: Interference | undefined) => watched.sandbox.aws.wire.interfere(fault);
const slack = (fault: Interference | undefined) => watched.sandbox.slack.wire.interfere(fault);
const refuses =
  (actions: string[], code: string, status = 400): Interference =>
  ({ action }) =>
    actions.includes(action) ? { kind: 'refuse', status, code } : undefined;

/** Each has one IAM user, of which nothing was pressed yet. */
const OWNED = { ana: 'ci', ben: 'etl', chloe: 'web', dan: 'logs' } as const;

async function presses(first: keyof typeof OWNED, button = 'Create new key'): Promise<void> {
  const { sandbox } = watched;
  const user = sandbox.organisation.people[first];
  const message = liveCard(sandbox, user, OWNED[first]);
  await requests(sandbox.slack.people.click({ user, message, button }));
}

/** An admin asks for something that the worker answers, and that changes no key. */
const asks = () => types('show ci');

/** What an admin does once the cause is mended. */
const redrives = () => types('redrive');

async function types(text: string): Promise<void> {
  const { organisation, slack: workspace } = watched.sandbox;
  const { people, adminChannel } = organisation;
  await requests(workspace.people.slashCommand({ user: people.sam, channel: adminChannel, text }));
}

/** What only admins may. */
async function asksInVain(): Promise<void> {
  const { organisation, slack: workspace } = watched.sandbox;
  const { people, teamChannel } = organisation;
  await requests(workspace.people.slashCommand({ user: people.ana, channel: teamChannel, text: 'sweep' }));
}

/** Whoever presses sees an error where the function does not answer. */
async function requests(event: unknown): Promise<void> {
  await deliver(watched.sandbox, event).catch(() => undefined);
}

afterEach(recovers);

const ticks = () => watched.sandbox.functions.scheduler.invoke({ task: 'tick' }).catch(() => undefined);
const checks = () => watched.sandbox.functions.scheduler.invoke({ task: 'check' });
const sweeps = () => watched.sandbox.functions.scheduler.invoke({ task: 'sweep' });

function recovers(): void {
  aws(undefined);
  slack(undefined);
}

/** What is brought about, and how long it lasts; what mends it, and how long it takes until all is silent. In minutes. */
interface AlarmStory {
  cause(): unknown;
  lasts: number;
  mends(): unknown;
  takes: number;
  /** What rings besides, for the same cause. */
  also?: string[];
}

/** A version that cannot be loaded, given something to do. */
const broken = (
  name: FunctionName,
  something: () => unknown,
  takes: number,
  also: string[] = [],
): AlarmStory => ({
  async cause() {
    await watched.deploy(name, 'broken');
    await something();
  },
  lasts: 4,
  mends: () => watched.deploy(name, 'right'),
  takes,
  also,
});

/** Other functions of the account take all that it has. */
const starved = (
  name: FunctionName,
  something: () => unknown,
  takes: number,
  also: string[] = [],
): AlarmStory => ({
  async cause() {
    watched.throttled.add(name);
    await something();
  },
  lasts: 4,
  mends: () => watched.throttled.delete(name),
  takes,
  also,
});

const STORIES: Record<string, AlarmStory> = {
  ClicksDeadLettersAlarm: {
    async cause() {
      aws(refuses(['GetItem'], 'AccessDeniedException'));
      await presses('ben');
    },
    lasts: 15,
    async mends() {
      recovers();
      await redrives();
    },
    takes: 10,
    also: ['WorkerJobsFailAlarm'],
  },
  UpkeepDeadLettersAlarm: {
    async cause() {
      aws(({ service, caller }) =>
        service === 'dynamodb' && caller?.includes('worker')
          ? { kind: 'refuse', status: 400, code: 'AccessDeniedException' }
          : undefined,
      );
      await watched.sandbox.functions.scheduler.invoke({ task: 'summary' });
    },
    lasts: 15,
    async mends() {
      recovers();
      await redrives();
    },
    takes: 10,
    also: ['WorkerJobsFailAlarm'],
  },
  SweepsDeadLettersAlarm: {
    async cause() {
      aws(refuses(['GenerateCredentialReport', 'GetCredentialReport'], 'AccessDenied', 403));
      await sweeps();
    },
    lasts: 15,
    async mends() {
      recovers();
      await redrives();
    },
    takes: 10,
    also: ['SweeperJobsFailAlarm'],
  },
  ScheduledDeadLettersAlarm: {
    ...broken('scheduler', () => watched.starts('tick'), 45, ['SchedulerErrorsAlarm']),
    async mends() {
      await watched.deploy('scheduler', 'right');
      await redrives();
      // The next one that is scheduled may be too far off for the alarm that expects them.
      await ticks();
    },
  },
  ClicksWaitAlarm: {
    async cause() {
      watched.hold(CLICKS, true);
      await asks();
    },
    lasts: 15,
    mends: () => watched.hold(CLICKS, false),
    takes: 10,
  },
  // Its message is received more than three times, and SQS no longer counts its age: the other alarm stays silent.
  ClicksStuckAlarm: {
    async cause() {
      aws(({ action, input }) =>
        action === 'GetItem' && JSON.stringify(input.Key).includes('#ci"')
          ? { kind: 'refuse', status: 500, code: 'InternalServerError' }
          : undefined,
      );
      await asks();
    },
    lasts: 30,
    mends: recovers,
    takes: 10,
  },
  UpkeepWaitsAlarm: {
    async cause() {
      watched.hold(UPKEEP, true);
      await sweeps();
    },
    lasts: 65,
    mends: () => watched.hold(UPKEEP, false),
    takes: 10,
  },
  WorkerJobsFailAlarm: {
    async cause() {
      aws(refuses(['GetItem'], 'AccessDeniedException'));
      await presses('chloe');
    },
    lasts: 3,
    mends: recovers,
    takes: 10,
  },
  SweeperJobsFailAlarm: {
    async cause() {
      aws(refuses(['GenerateCredentialReport', 'GetCredentialReport'], 'AccessDenied', 403));
      await sweeps();
    },
    lasts: 3,
    mends: recovers,
    takes: 10,
  },
  SlackFailsAlarm: {
    async cause() {
      slack(() => ({ kind: 'refuse', status: 200, code: 'token_revoked' }));
      await presses('dan', 'I need more time');
      // On no list of members is somebody of that address.
      tag(watched.sandbox, 'orphan', { 'keyrotate:owner': 'somebody.new@example.com' });
      await sweeps();
    },
    lasts: 20,
    mends: recovers,
    takes: 10,
  },
  FormsFailAlarm: {
    async cause() {
      slack(refuses(['views.open'], 'expired_trigger_id', 200));
      for (let tries = 0; tries < 3; tries += 1) await presses('ben', 'Not mine');
    },
    lasts: 2,
    mends: recovers,
    takes: 65,
  },
  AdminsNotToldAlarm: {
    async cause() {
      seeds({ name: 'another-orphan', keys: [{ age: 100 }] });
      // Until then AWS gives out the credential report of before.
      watched.schedules.sweeps = false;
      await watched.pass(4 * 60);
      const { adminChannel } = watched.sandbox.organisation;
      slack(({ action, input }) =>
        action === 'chat.postMessage' && input.channel === adminChannel
          ? { kind: 'refuse', status: 200, code: 'not_in_channel' }
          : undefined,
      );
      await sweeps();
    },
    lasts: 30,
    mends() {
      recovers();
      watched.schedules.sweeps = true;
    },
    takes: 120,
  },
  SigningSecretAlarm: {
    async cause() {
      // Slack's app has a new signing secret, and nobody has stored it: the first press tells.
      const { organisation, slack: workspace } = watched.sandbox;
      const { people, teamChannel } = organisation;
      const forge = { signingSecret: 'a new one' };
      await requests(
        workspace.people.slashCommand({ user: people.ana, channel: teamChannel, text: 'status', forge }),
      );
    },
    lasts: 3,
    mends: recovers,
    takes: 10,
  },
  TurnedAwayAlarm: {
    async cause() {
      // Somebody who knows the address tries what it takes.
      const { clock } = watched.sandbox;
      for (let i = 0; i < 11; i += 1)
        await requests(signedRequest({ signingSecret: 'guessed', clock }, 'application/json', '{}'));
    },
    lasts: 5,
    mends: recovers,
    takes: 65,
  },
  FloodAlarm: {
    async cause() {
      const { clock } = watched.sandbox;
      for (let i = 0; i < 330; i += 1)
        await requests(signedRequest({ signingSecret: 'guessed', clock }, 'application/json', '{}'));
    },
    lasts: 5,
    mends: recovers,
    takes: 65,
    // The few that get through are not signed.
    also: ['TurnedAwayAlarm'],
  },
  NotFromSlackAlarm: {
    cause() {
      // Somebody in the account may send to the queue, and presses in Ana's name.
      const { aws: account, organisation } = watched.sandbox;
      const place = { channel: organisation.adminChannel };
      const who = { personId: organisation.people.ana, place };
      const job = { kind: 'click', id: 'click/forged', account: organisation.account, userName: OWNED.ana };
      account.sqs.state.queues.get(CLICKS)?.send({
        body: JSON.stringify({ v: 1, ...job, move: 'retire', insist: true, ...who }),
        ...{ groupId: 'forged', deduplicationId: 'forged', senderId: 'AIDAMALLORY' },
      });
    },
    lasts: 2,
    mends: recovers,
    takes: 10,
  },
  ApiFailsAlarm: {
    async cause() {
      aws(refuses(['SendMessageBatch'], 'InternalError', 500));
      await presses('dan');
    },
    lasts: 1,
    mends: recovers,
    takes: 10,
  },
  SlackErrorsAlarm: broken('slack', asks, 45, ['ApiFailsAlarm']),
  // It fails twice; at the third time it is a dead letter.
  SchedulerErrorsAlarm: { ...broken('scheduler', ticks, 45), lasts: 2 },
  SweeperErrorsAlarm: broken('sweeper', sweeps, 75),
  WorkerErrorsAlarm: broken('worker', asks, 45),
  SlackThrottlesAlarm: starved('slack', asks, 45, ['ApiFailsAlarm']),
  SchedulerThrottlesAlarm: starved('scheduler', ticks, 45),
  SweeperThrottlesAlarm: starved('sweeper', sweeps, 75),
  WorkerThrottlesAlarm: starved('worker', asks, 45),
  TicksAlarm: {
    cause() {
      watched.schedules.ticks = false;
    },
    lasts: 25,
    async mends() {
      watched.schedules.ticks = true;
      await ticks();
    },
    takes: 10,
  },
  ChecksAlarm: {
    cause() {
      watched.schedules.checks = false;
    },
    lasts: 25,
    async mends() {
      watched.schedules.checks = true;
      await checks();
    },
    takes: 10,
  },
  SweepsAlarm: {
    cause() {
      // The checks would start them again.
      Object.assign(watched.schedules, { sweeps: false, checks: false });
    },
    lasts: 37 * 60,
    also: ['ChecksAlarm'],
    async mends() {
      Object.assign(watched.schedules, { sweeps: true, checks: true });
      await checks();
      await sweeps();
    },
    takes: 10,
  },
};

it('a fresh deployment rings no alarm, although nothing has come yet of what they wait for', async () => {
  const fresh = await startWatched({ seed: 'nobody' });
  Object.assign(fresh.schedules, { ticks: false, checks: false, sweeps: false });
  await fresh.pass(40);
  expect(fresh.rang()).toEqual([]);
  expect(fresh.ringing()).toEqual([]);
  await fresh.sandbox.close();
});

it('a day on which people press and nothing is wrong rings no alarm', async () => {
  await presses('ana');
  await asks();
  await asksInVain();
  await watched.sandbox.functions.scheduler.invoke({ task: 'summary' });
  await watched.pass(60);
  const [old, replacement] = keysOf(watched.sandbox, 'ci');
  expect(replacement?.status).toBe('Active');
  removeKey(watched.sandbox, 'ci', old?.id ?? '');
  await watched.pass(23 * 60);
  expect(watched.rang()).toEqual([]);
  expect(watched.ringing()).toEqual([]);
});

it.each([
  ['sweeper', sweeps, 'SweeperErrorsAlarm'],
  ['worker', asks, 'WorkerErrorsAlarm'],
] as const)(
  'a %s that cannot be loaded rings until it is mended, however seldom it is tried',
  async (name, does, alarm) => {
    await watched.deploy(name, 'broken');
    await does();
    await watched.pass(6);
    watched.rang();
    for (let quarters = 0; quarters < 6; quarters += 1) {
      await watched.pass(15);
      expect(watched.ringing()).toContain(alarm);
    }
    expect(watched.rang()).not.toContain(alarm);
    await watched.deploy(name, 'right');
    await redrives();
    await watched.pass(120);
    expect(watched.ringing()).toEqual([]);
    watched.rang();
  },
);

describe('each alarm', () => {
  const alarms = readAlarms({ params: { ALARM_TOPIC } });
  const parts = alarms.flatMap((alarm) =>
    'AlarmRule' in alarm ? [...alarm.AlarmRule.matchAll(/"(\w+)"/g)].map(([, name]) => name) : [],
  );

  it('has a story here', () => {
    const telling = alarms.map(({ name }) => name).filter((name) => !parts.includes(name));
    expect(Object.keys(STORIES).sort()).toEqual(telling.sort());
  });

  it('tells the operator’s topic that it rings, and that it is over', () => {
    for (const { name, AlarmActions, OKActions } of alarms) {
      const told = parts.includes(name) ? undefined : [ALARM_TOPIC];
      expect({ name, AlarmActions, OKActions }).toEqual({ name, AlarmActions: told, OKActions: told });
    }
  });

  it.each(Object.entries(STORIES))(
    '%s rings for its cause, and is silent once that is mended',
    async (alarm, story) => {
      watched.rang();
      await story.cause();
      await watched.pass(story.lasts);
      const during = { rang: watched.rang(), ringing: watched.ringing() };
      // First of all, so that no other story is spoilt.
      await story.mends();
      await watched.pass(story.takes);
      const rings = [alarm, ...(story.also ?? [])].sort();
      expect(during).toEqual({ rang: rings, ringing: rings });
      expect({ rang: watched.rang(), ringing: watched.ringing() }).toEqual({ rang: [], ringing: [] });
    },
  );
});

/** Those that are looked at here, of what each of AWS's services counts. */
const OF_AWS: Record<string, string[]> = {
  'AWS/ApiGateway': ['Count', '4xx', '5xx'],
  'AWS/Lambda': ['Errors', 'Throttles'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
};

describe('after all of this the dashboard', () => {
  const shown = metricsShown(readDashboard());

  it('shows only what was counted, or what AWS counts', () => {
    const counted = watched.metrics.names();
    expect(shown.length).toBeGreaterThan(20);
    for (const metric of shown)
      if (OF_AWS[metric.namespace]) expect(OF_AWS[metric.namespace]).toContain(metric.name);
      else expect(counted).toContainEqual(metric);
  });

  it('shows all that was counted', () => {
    const names = new Set(shown.map(({ name }) => name));
    const ours = watched.metrics.names().filter(({ namespace }) => namespace === 'keyrotate');
    expect(ours.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });
});
