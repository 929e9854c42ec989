// Scenes that together use every right there is: each move, command and job once, live with a key of the operator's, and in preview.

import { ANAS, beginIn, type Story } from '../e2e/story.ts';
import { deployRoles, withRoles } from '../member-roles.ts';
import { DAY, MINUTE } from '../sandbox/clock.ts';
import { SANDBOX_ACCOUNT } from '../sandbox/deployment/cloudformation.ts';
import type { Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { accountsSetting, inAccount } from '../sandbox/members.ts';
import type { SeededUser } from '../sandbox/organisation.ts';
import * as console_ from '../sandbox/play/console.ts';
import {
  listOf,
  openHome,
  openRow,
  passDays,
  passTime,
  press,
  pressInModal,
  run,
  submit,
  write,
} from '../sandbox/play/play.ts';
import { redeployed } from '../sandbox/redeployed.ts';
import { READER_ROLE, type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { type Use, usedByLambda, watch } from './uses.ts';

const USER = 'ci-deploy';
const KMS_KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11112222-3333-4444-5555-666677778888';
export const MEMBER = { account: '444455556666', name: 'payments' } as const;
const READERS = [SANDBOX_ACCOUNT, MEMBER.account].map((id) => `arn:aws:iam::${id}:role/${READER_ROLE}`);
const ACCOUNTS = accountsSetting([MEMBER]);
/** With it, every right of every condition is granted. */
export const LIVE = {
  mode: 'live',
  members: [withRoles(MEMBER, 'live')],
  params: { SECRET_KMS_KEY_ID: KMS_KEY, SECRET_READERS: READERS.join(), ACCOUNTS },
} as const;
export const PREVIEW = {
  mode: 'preview',
  members: [withRoles(MEMBER, 'preview')],
  params: { ACCOUNTS },
} as const;

const used = (age: number) => ({ age, usedHoursAgo: 30 });
const end = (id = '') => id.slice(-4);

interface Scene {
  users: SeededUser[];
  play(story: Story): Promise<void>;
}

/** What `press` fills into the form for more time. */
function reason({ sandbox }: Story, days: number): Record<string, string> {
  const until = new Date(sandbox.clock.now() + days * DAY).toISOString().slice(0, 10);
  return { 'Until when?': until, 'Why?': 'The vendor ships a new agent' };
}

const one = (...keys: SeededUser['keys']): SeededUser[] => [{ name: USER, tags: ANAS, keys }];

/** Ana presses one after the other on the card of the first user. */
async function pressesInTurn({ presses, people }: Story, ...buttons: string[]): Promise<void> {
  for (const button of buttons) await presses(people.ana, USER, button);
}

const CREATE = 'Create new key';
const CONFIRM = 'I replaced it everywhere';
const TURN_OFF = 'Turn off the old key';
const MORE_TIME = 'I need more time';

const wholeRotation: Scene = {
  users: one(used(83)),
  async play(story) {
    const { sandbox } = story;
    await pressesInTurn(story, CREATE, 'Discard new key');
    fillLabels(sandbox);
    await pressesInTurn(story, CREATE);
    await story.uses(story.keyIds(USER)[1] ?? '');
    await passDays(sandbox, 1);
    await pressesInTurn(story, CONFIRM, 'Not yet, go back', CONFIRM, TURN_OFF);
    await pressesInTurn(story, 'Turn it back on', CONFIRM);
    await pressesInTurn(story, 'Turn it off when quiet', 'Keep it on', 'Turn it off when quiet');
    await passDays(sandbox, 4);
    await passTime(sandbox, 8 * DAY);
    await pressesInTurn(story, 'Delete for good');
    await run(sandbox, 'summary');
  },
};

/** As after many rotations: a secret holds twenty labels at most, and those of keys long gone are taken off. */
function fillLabels({ aws }: Sandbox): void {
  const secret = [...aws.secrets.state.secrets.values()].find(({ name }) => name.includes(USER));
  const [version] = secret?.versions.values() ?? [];
  for (let nth = 10; nth < 28; nth += 1) version?.stages.add(`AKIA00000000000000${nth}`);
}

const twoKeysAtWork: Scene = {
  users: one(used(85), { age: 12, usedHoursAgo: 1 }),
  async play(story) {
    const [old, second] = story.keyIds(USER);
    const adopt = `…${end(second)} replaces …${end(old)}`;
    await pressesInTurn(story, adopt, 'Not the replacement, go back', 'Both are needed');
  },
};

const twoKeysDue: Scene = {
  users: one(used(85), used(80)),
  async play(story) {
    const [, second] = story.keyIds(USER);
    await pressesInTurn(story, `Start with …${end(second)}`, `Turn off …${end(second)}`);
  },
};

const noRoom: Scene = {
  users: one(used(85), { age: 300, status: 'Inactive' }),
  async play(story) {
    const [, second] = story.keyIds(USER);
    const remove = `Remove …${end(second)}`;
    await pressesInTurn(story, `${remove} to make room`, `${remove} for good`);
  },
};

/** The answer to CreateAccessKey is lost: nobody has the secret of the key that is there. */
const stranded: Scene = {
  users: one(used(83)),
  async play(story) {
    const { sandbox } = story;
    sandbox.aws.wire.interfere(({ action }) => (action === 'CreateAccessKey' ? { kind: 'lose' } : undefined));
    await pressesInTurn(story, CREATE);
    sandbox.aws.wire.interfere(undefined);
    await passTime(sandbox, 16 * MINUTE);
    await passDays(sandbox, 1);
    const [, lost] = story.keyIds(USER);
    await pressesInTurn(story, `Remove …${end(lost)}`, `Remove …${end(lost)} for good`);
  },
};

/** Sam presses on what admins were told last. */
async function decides(story: Story, button: string, values: Record<string, string> = {}): Promise<void> {
  const post = story.adminPosts().at(-1);
  if (post) await story.pressesOn(story.people.sam, post, button, values);
}

const moreTime: Scene = {
  users: one(used(85)),
  async play(story) {
    const asks = (days: number) => story.presses(story.people.ana, USER, MORE_TIME, reason(story, days));
    await asks(14);
    await pressesInTurn(story, 'I need no more time');
    await asks(60);
    await decides(story, 'Decline');
    await asks(60);
    await decides(story, 'Approve');
    await pressesInTurn(story, CREATE);
    await asks(20);
  },
};

const everyCommand: Scene = {
  users: ['ci-deploy', 'web', 'batch'].map((name, nth) => ({ name, tags: ANAS, keys: [used(83 + nth)] })),
  async play(story) {
    const { sandbox, people, account } = story;
    const { ana, ben, sam } = people;
    await openRow(sandbox, ana, 'web');
    for (const text of ['', 'help', 'list', 'rotate', 'rotate batch', 'status']) await story.types(ana, text);
    // Of whom nothing is on record all is looked for.
    await story.types(story.people.ben, 'rotate');
    await write(sandbox, ana, 'hello');
    for (const person of [ana, sam]) await openHome(sandbox, person);
    await run(sandbox, 'check');
    for (const text of [
      `status <@${ana}|ana>`,
      `show ${account}/web`,
      `history ${account}/web`,
      `how ${account}/web`,
      'summary',
      'check',
    ])
      await story.types(sam, text);
    bury(sandbox);
    await story.types(sam, 'redrive');
    await passTime(sandbox, 6 * MINUTE);
    await whileSlackIsBusy(story, () => story.types(sam, 'sweep'));
    await whileSlackIsBusy(story, () => run(sandbox, 'summary'));
    await press(sandbox, ana, listOf(sandbox, ana), 'Create 3 new keys');
    await story.presses(ana, 'web', 'Not mine', { 'Whose is it, if you know?': 'Ben has it' });
    await story.types(sam, `assign ${account}/web <@${ben}|ben>`);
    await story.types(sam, `unassign ${account}/web`);
    await passTime(sandbox, 6 * MINUTE);
    console_.renameUser(sandbox, 'batch', 'nightly');
    await run(sandbox, 'sweep');
  },
};

/** A sweep was given up, a look and a command; and a schedule could not start a tick. */
function bury({ aws, clock, organisation }: Sandbox): void {
  const job = { v: 1, account: organisation.account, userName: 'web', id: 'buried' };
  const buried = {
    'clicks.fifo': { ...job, kind: 'inspect' },
    'upkeep.fifo': { ...job, kind: 'inspect' },
    sweeps: { ...job, kind: 'sweep' },
  };
  const queueOf = (name: string) => aws.sqs.state.queues.get(`keyrotate-dev-${name}`);
  const at = { sentAt: clock.now(), visibleAt: clock.now(), receiveCount: 80, senderId: 'x', groupId: 'x' };
  for (const [name, body] of Object.entries(buried)) {
    const [kind = '', fifo] = name.split('.');
    const message = { ...at, id: `${name} ${clock.now()}`, body: JSON.stringify(body) };
    queueOf(`${kind}-dead${fifo ? '.fifo' : ''}`)?.bury(message, queueOf(name)?.arn ?? '');
  }
  queueOf('scheduled-dead')?.send({ body: '{"task":"tick"}', senderId: 'lambda' });
}

/** Three that are alike are told in one list, which changes with each of them. */
const nobodys: Scene = {
  users: ['ci-deploy', 'web', 'batch'].map((name) => ({ name, tags: {}, keys: [used(85)] })),
  async play({ sandbox, people, types }) {
    await passTime(sandbox, 6 * MINUTE);
    await types(people.sam, `assign web <@${people.ben}|ben>`);
    await types(people.sam, 'owners');
    await pressInModal(sandbox, people.sam, 'Get them as CSV');
    await types(people.sam, 'summary csv');
    await submit(sandbox, people.sam, {
      'To a person': people.ben,
      'Or all of them': 'All 2 without an owner',
    });
    await pressInModal(sandbox, people.sam, 'Back');
    await types(people.sam, `owners * -> <@${people.ben}>`);
    await submit(sandbox, people.sam);
  },
};

/** Whoever does not answer about three is nudged, and then somebody else has them. */
const silent: Scene = {
  users: ['ci-deploy', 'web', 'batch'].map((name) => ({ name, tags: ANAS, keys: [used(85)] })),
  async play(story) {
    const { sandbox, people, types } = story;
    await passTime(sandbox, 7 * DAY);
    await passTime(sandbox, 7 * DAY);
    // Of the second day they have had no message yet.
    for (let day = 0; day < 2; day += 1) await passTime(sandbox, DAY);
    await types(people.sam, 'summary');
    const summary = inbox(sandbox.slack.workspace, people.sam).at(-1);
    if (summary) await press(sandbox, people.sam, summary, 'See who');
    await decides(story, 'Nudge');
    await decides(story, 'Hand over all of these', { 'To whom?': people.ben });
  },
};

/** What is left of IAM users that are gone is deleted; one deletion was a mistake, and its user is at work again. */
const goneUsers: Scene = {
  users: ['ci-deploy', 'web'].map((name) => ({ name, tags: ANAS, keys: [used(83)] })),
  async play(story) {
    const { sandbox, people } = story;
    for (const name of ['ci-deploy', 'web']) {
      await openRow(sandbox, people.ana, name);
      await story.presses(people.ana, name, CREATE);
    }
    console_.removeUser(sandbox, 'ci-deploy');
    await story.presses(people.ana, 'web', 'Discard new key');
    const web = [...sandbox.aws.secrets.state.secrets.values()].find(({ name }) => name.includes('/web/'));
    if (web) web.deletedAt = sandbox.clock.now();
    await story.presses(people.ana, 'web', CREATE);
    await story.looksTwice();
    await passDays(sandbox, 1);
    await run(sandbox, 'summary');
    await decides(story, 'Delete these secrets…');
  },
};

/** Slack wants to be asked later: what cannot be done now comes back, on either queue. */
async function whileSlackIsBusy({ sandbox }: Story, act: () => Promise<unknown>): Promise<void> {
  const { wire } = sandbox.slack;
  wire.interfere(() => {
    wire.interfere(undefined);
    return { kind: 'refuse', status: 429, code: 'ratelimited', headers: { 'retry-after': '30' } };
  });
  await act();
}

/** It has not deployed its roles, or not any more. */
const shutAccount: Scene = {
  users: [],
  async play({ sandbox }) {
    const member = sandbox.aws.accounts.get(MEMBER.account);
    if (member) deployRoles(member.iam, 'none');
    await passDays(sandbox, 1);
  },
};

/** Somebody looks around before going live. There is nothing to press. */
const lookingAround: Scene = {
  users: everyCommand.users,
  async play(story) {
    const { sandbox, people } = story;
    const { ana, ben, sam } = people;
    for (const text of [
      'status',
      `list <@${ana}|ana>`,
      'rotate web',
      'show web',
      'summary',
      'sweep',
      'check',
    ])
      await story.types(sam, text);
    await run(sandbox, 'check');
    bury(sandbox);
    await story.types(sam, 'redrive');
    await story.types(sam, `assign web <@${ben}|ben>`);
    await story.types(sam, 'unassign web');
    await whileSlackIsBusy(story, () => story.types(sam, 'summary'));
    await whileSlackIsBusy(story, () => run(sandbox, 'summary'));
    await passDays(sandbox, 1);
    console_.renameUser(sandbox, 'batch', 'nightly');
    await passDays(sandbox, 1);
  },
};

/** `account`: where the users are. */
async function played(
  { users, play }: Scene,
  options: SandboxOptions & { mode: Mode },
  account?: string,
): Promise<Use[]> {
  const sandbox = await startSandbox({ seed: 'nobody', ...options });
  sandbox.aws.accounts.get(MEMBER.account)?.iam.addRole(READER_ROLE, []);
  const byLambda = usedByLambda(sandbox, options.mode);
  const uses = watch(sandbox, options.mode);
  try {
    await play(await beginIn(account ? inAccount(sandbox, account) : sandbox, users));
  } finally {
    await sandbox.close();
  }
  return [...byLambda, ...uses()];
}

/** Somebody goes back to preview with a rotation under way. */
async function backInPreview(): Promise<Use[]> {
  const live = await startSandbox({ seed: 'nobody' });
  await pressesInTurn(await beginIn(live, one(used(83))), CREATE);
  const sandbox = await redeployed(live, 'preview', 'follow');
  const uses = watch(sandbox, 'preview');
  try {
    await passDays(sandbox, 1);
  } finally {
    await sandbox.close();
  }
  return uses();
}

const live = (scene: Scene) => () => played(scene, LIVE);
/** All of it in another account. */
const elsewhere = (scene: Scene) => () => played(scene, LIVE, MEMBER.account);

/** Each tells what was used in it, and throws, saying what, when a function lacked a right. */
export const SCENES: Record<string, () => Promise<Use[]>> = {
  'looking around in preview': () => played(lookingAround, PREVIEW),
  'going back to preview': backInPreview,
  'a rotation from end to end': live(wholeRotation),
  'two keys at work': live(twoKeysAtWork),
  'two keys that are due': live(twoKeysDue),
  'a key in the way': live(noRoom),
  'a key whose secret was lost': live(stranded),
  'more time': live(moreTime),
  'every command, while Slack is busy and a user is renamed': live(everyCommand),
  'keys without an owner': live(nobodys),
  'an owner who does not answer': live(silent),
  'users that are gone': live(goneUsers),
  'another account that is shut': live(shutAccount),
  'a rotation in another account': elsewhere(wholeRotation),
  'every command in another account': elsewhere(everyCommand),
  'users of another account that are gone': elsewhere(goneUsers),
};

export async function playScenes(): Promise<Use[]> {
  const uses: Use[] = [];
  for (const play of Object.values(SCENES)) uses.push(...(await play()));
  return uses;
}
