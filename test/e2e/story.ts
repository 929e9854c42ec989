// The opening lines that stories share: an organisation with a few IAM users, swept once, and short words for the rest.
import { MINUTE } from '../sandbox/clock.ts';
import { type SeededUser, seedIam } from '../sandbox/organisation.ts';
import {
  applicationUses,
  buttons,
  card,
  command,
  keysOf,
  liveCard,
  passTime,
  press,
  recordOf,
  run,
  type StoredRotation,
  type StoredUser,
  whispers,
} from '../sandbox/play/play.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { openDm } from '../sandbox/servers/slack/conversations.ts';
import { plainText } from '../sandbox/servers/slack/transcript.ts';
import type { Message } from '../sandbox/servers/slack/workspace.ts';
import { sharedSandbox } from '../sandbox/shared.ts';

/** When a story begins that names dates. */
export const A_MONDAY = new Date('2026-11-16T09:00:00Z');

export const ANAS = { 'keyrotate:owner': 'ana@example.com' };

export type Story = Awaited<ReturnType<typeof begin>>;

/**
 * Seeds the users, and sweeps: whoever is at work has been written to. A story that names dates names its `start`; only
 * there the calls and logs of the sweep are still to be seen.
 * @param then what else the story begins with, told apart by its name
 */
export async function begin(
  users: SeededUser[],
  { start, ...options }: SandboxOptions = {},
  then?: { name: string; play(story: ReturnType<typeof storyIn>): Promise<void> },
) {
  const wished = { seed: 'nobody' as const, ...options };
  if (start) return beginIn(await startSandbox({ ...wished, start }), users);
  const opening = {
    name: `a sweep of ${JSON.stringify(users)}, then ${then?.name}`,
    async play(sandbox: Sandbox) {
      await seedAndSweep(sandbox, users);
      await then?.play(storyIn(sandbox));
    },
  };
  return storyIn(await sharedSandbox(wished, opening));
}

/** The same, in a sandbox that somebody has prepared. */
export async function beginIn(sandbox: Sandbox, users: SeededUser[]) {
  await seedAndSweep(sandbox, users);
  return storyIn(sandbox);
}

async function seedAndSweep(sandbox: Sandbox, users: SeededUser[]): Promise<void> {
  seedIam(sandbox.aws.iam, sandbox.clock, users, sandbox.organisation.region);
  await run(sandbox, 'sweep');
}

function storyIn(sandbox: Sandbox) {
  const { people, adminChannel, teamChannel, account } = sandbox.organisation;
  const live = (person: string, userName: string) => liveCard(sandbox, person, userName);
  return {
    sandbox,
    ...{ people, adminChannel, teamChannel, account },
    live,
    /** What the card about an IAM user says, pressable or not. */
    reads: (person: string, userName: string) => plainText(card(sandbox, person, userName)),
    offered: (person: string, userName: string) => buttons(live(person, userName)),
    presses: (person: string, userName: string, button: string, values: Record<string, string> = {}) =>
      press(sandbox, person, live(person, userName), button, values),
    pressesOn: (person: string, message: Message, button: string, values: Record<string, string> = {}) =>
      press(sandbox, person, message, button, values),
    /** Types in the direct conversation; the answer that comes at once, or later. */
    async types(person: string, text: string): Promise<string> {
      const shown = await command(sandbox, person, text, openDm(sandbox.slack.workspace, person).id);
      return [shown ? plainText(shown) : '', ...whispers(sandbox, person).slice(-1)].join('\n');
    },
    told: (person: string) => whispers(sandbox, person).at(-1) ?? '',
    keyIds: (userName: string) => keysOf(sandbox, userName).map(({ id }) => id),
    stateOf: (userName: string, id: string) =>
      keysOf(sandbox, userName).find((key) => key.id === id)?.status ?? 'gone',
    uses: (id: string, service = 's3') => applicationUses(sandbox, id, service),
    async user(userName: string): Promise<StoredUser | undefined> {
      return (await recordOf(sandbox, userName)).current;
    },
    async rotation(userName: string): Promise<StoredRotation | undefined> {
      return (await recordOf(sandbox, userName)).current?.rotation;
    },
    async history(userName: string): Promise<string[]> {
      const { current } = await recordOf(sandbox, userName);
      return (current?.rotation?.history ?? []).map(({ what, ownName = what }) => ownName);
    },
    /** Two looks, far enough apart for IAM's lag: what was changed outside is believed now. */
    async looksTwice(): Promise<void> {
      await passTime(sandbox, 16 * MINUTE);
      await run(sandbox, 'sweep');
      await passTime(sandbox, 16 * MINUTE);
    },
    /** What stands in the admin channel, newest last. */
    adminPosts: () =>
      (sandbox.slack.workspace.channels.get(adminChannel)?.messages ?? []).filter(
        ({ deleted, ephemeralTo }) => !deleted && !ephemeralTo,
      ),
    end: () => sandbox.close(),
  };
}
