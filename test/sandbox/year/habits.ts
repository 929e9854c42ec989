// What owners and the admin do in a day: they see only Slack, and press what it offers.

import { DAY, HOUR } from '../clock.ts';
import { formAnswers } from '../play/form-answers.ts';
import { postedAt } from '../play/notifications.ts';
import { command, keysOf, openRow, press, run } from '../play/play.ts';
import { inbox, openDm, visibleMessages } from '../servers/slack/conversations.ts';
import { pressables } from '../servers/slack/pressables.ts';
import { plainText } from '../servers/slack/transcript.ts';
import type { Message } from '../servers/slack/workspace.ts';
import { named, type Year, type YearOwner } from './year-world.ts';

/** What a card offers, and to whom. */
interface Offer {
  message: Message;
  userName: string;
  labels: string[];
}

/** Answers to what people were asked, by the labels of the forms. */
function filled(year: Year, label: string): Record<string, string> {
  const inDays = (days: number) => new Date(year.sandbox.clock.now() + days * DAY).toISOString().slice(0, 10);
  const day = label === 'I need more time' ? inDays(40 + year.luck.below(60)) : inDays(1);
  return Object.values(formAnswers(day)).find(({ button }) => button === label)?.written ?? {};
}

/** Does whatever a person's habit makes of the messages they have today. */
export async function actsOnTheDay(year: Year, owner: YearOwner, day: number): Promise<void> {
  if (owner.leavesOn === day) leaves(year, owner);
  if (owner.leavesOn !== undefined && day >= owner.leavesOn) return;
  if (owner.habit === 'absent' || owner.habit === 'silent') return;
  if (owner.habit === 'migrating' && !year.luck.percent(8)) return;
  if (owner.habit === 'slow' && !year.luck.percent(20)) return;
  if (owner.habit === 'wrong' && !year.luck.percent(50)) return;
  await opensRows(year, owner.slackId);
  for (const userName of namesShown(year, owner.slackId)) await dealsWith(year, owner, userName);
}

function leaves({ sandbox }: Year, { slackId }: YearOwner): void {
  const member = sandbox.slack.workspace.members.get(slackId);
  if (member) member.deleted = true;
}

/** Opens what the day's list shows and no card is there for. */
async function opensRows({ sandbox }: Year, person: string): Promise<void> {
  const messages = seen(sandbox, person);
  const rows = messages.flatMap((message) =>
    pressables(message).flatMap(({ label, element }) =>
      label === 'Open' && 'value' in element && element.value ? [element.value.split(/[/#]/)[1] ?? ''] : [],
    ),
  );
  for (const userName of new Set(rows))
    if (!offers(sandbox, person).some((offer) => offer.userName === userName))
      await openRow(sandbox, person, userName);
}

async function dealsWith(year: Year, owner: YearOwner, userName: string): Promise<void> {
  for (let step = 0; step < 3; step += 1) {
    const offer = offers(year.sandbox, owner.slackId).find((one) => one.userName === userName);
    if (!offer) return;
    const label =
      owner.habit === 'wrong' && year.luck.percent(30)
        ? year.luck.one(offer.labels)
        : chosen(year, owner, offer);
    if (!label) return;
    const answers = filled(year, label);
    await press(year.sandbox, owner.slackId, offer.message, label, answers);
    countPress(year, userName, label, answers);
    if (label === 'Check again') year.checkedOn.set(userName, year.sandbox.clock.now());
    await followsUp(year, offer, label);
    if (label !== 'Check again') return;
  }
}

/** Filling in a form is one more. */
function countPress(
  { pressed, finishedWith }: Year,
  userName: string,
  label: string,
  answers: Record<string, string>,
): void {
  const count = (pressed.get(userName) ?? 0) + 1 + (Object.keys(answers).length > 0 ? 1 : 0);
  pressed.set(userName, count);
  if (!label.startsWith('Delete for good')) return;
  finishedWith.push(count);
  pressed.delete(userName);
}

/** What somebody presses who reads the card; undefined: nothing today. */
function chosen(year: Year, owner: { habit: string }, offer: Offer): string | undefined {
  const [first] = preferred(year, owner, offer).filter(
    (label) => label === WAITS || offer.labels.includes(label),
  );
  return first === WAITS ? undefined : first;
}

/** Nothing more is done today. */
const WAITS = '';

/** The labels in the order in which a careful reader looks for them. */
function preferred(year: Year, { habit }: { habit: string }, { userName, labels }: Offer): string[] {
  const starting = (start: string) => labels.filter((label) => label.startsWith(start));
  const application = year.applications.find((one) => one.userName === userName);
  const keys = [...keysOf(year.sandbox, userName)].sort((a, b) => a.createdAt - b.createdAt);
  const uses = keys.find(({ id }) => id === application?.keyId);
  const newest = keys.at(-1);
  const isMigrated = uses === newest && newest?.lastUsed !== undefined;
  const replaces = labels.filter((label) => label.includes(' replaces '));
  return [
    ...(uses?.status === 'Active' ? [] : ['Turn it back on']),
    ...(habit === 'slow' && year.luck.percent(15) ? ['I need more time'] : []),
    ...labels.filter((label) => /^Remove .* for good$/.test(label)),
    ...(labels.includes('I replaced it everywhere') && !isMigrated ? [WAITS] : []),
    'I replaced it everywhere',
    // Decided already: keyrotate does the rest.
    ...(labels.includes('Keep it on') ? [WAITS] : []),
    'Turn it off when quiet',
    ...(hasJustChecked(year, userName) ? [WAITS] : ['Check again']),
    ...(uses === newest
      ? replaces
      : replaces.length > 0
        ? ['Both are needed', ...starting('Start with')]
        : []),
    ...['Delete for good', 'Turn off the old key', 'Create new key'],
    ...starting('Remove …'),
    'I need no more time',
  ];
}

/** Nobody looks every day at what the message says must stay quiet for days. */
function hasJustChecked({ checkedOn, sandbox }: Year, userName: string): boolean {
  const last = checkedOn.get(userName);
  return last !== undefined && sandbox.clock.now() - last > HOUR && sandbox.clock.now() - last < 3 * DAY;
}

/** After a key was made, its application gets it; after one was turned off on purpose, nothing is left that needs it. */
async function followsUp(year: Year, { userName }: Offer, label: string): Promise<void> {
  const application = year.applications.find((one) => one.userName === userName);
  if (!application) return;
  const working = keysOf(year.sandbox, userName).filter(({ status }) => status === 'Active');
  const newest = [...working].sort((a, b) => b.createdAt - a.createdAt)[0];
  const isMigrating = label === 'Create new key' || label.includes(' replaces ');
  const hasToChange = !working.some(({ id }) => id === application.keyId);
  if (newest && (isMigrating || (hasToChange && label !== 'Turn it back on'))) application.keyId = newest.id;
}

/** The admin reads the admin channel, decides what is asked, and takes over where nobody answers. */
export async function adminsDay(year: Year): Promise<void> {
  const { sandbox, sam } = year;
  const channel = sandbox.organisation.adminChannel;
  const posts = () =>
    sandbox.slack.workspace.channels.get(channel)?.messages.filter(({ deleted }) => !deleted) ?? [];
  for (const post of posts()) {
    await decides(year, post);
  }
  await opensRows(year, sam);
  for (const userName of namesShown(year, sam))
    await dealsWith(year, { slackId: sam, first: 'sam', habit: 'prompt' }, userName);
}

async function decides(year: Year, post: Message): Promise<void> {
  const { sandbox, sam, luck } = year;
  const labels = pressables(post).map(({ label }) => label);
  const has = (start: string) => labels.find((label) => label.startsWith(start));
  const decision = luck.percent(70) ? has('Approve') : has('Decline');
  // Now and then it turns out to be somebody else's: they inherit what was asked for.
  if (decision && luck.percent(15)) return handsOver(year, post);
  const settling = decision ?? has('Hand over to ');
  const others = isToday(year, post) && !isLeftAlone(year, post) ? [has('Nudge'), has('Show')] : [];
  // Of a list the row at the top.
  for (const label of settling ? [settling] : others)
    if (label) await press(sandbox, sam, post, label, {}, 1);
}

/** To test how long a silence may last: whoever is silent for ever is not acted for. */
function isLeftAlone({ owners }: Year, post: Message): boolean {
  return owners.some(({ habit, first }) => habit === 'silent' && named(first).test(plainText(post)));
}

async function handsOver(year: Year, post: Message): Promise<void> {
  const [pressable] = pressables(post);
  const target =
    pressable && 'value' in pressable.element ? pressable.element.value?.split('#')[0] : undefined;
  const to = year.luck.one(year.owners.filter(({ habit }) => habit === 'prompt'));
  if (target && to) await assigns(year, target, to);
}

function assigns({ sandbox, sam }: Year, target: string, { slackId }: YearOwner): Promise<unknown> {
  const dm = openDm(sandbox.slack.workspace, sam).id;
  return command(sandbox, sam, `assign ${target} <@${slackId}|x>`, dm);
}

/** Once a week the admin goes through those that nobody answers for, in the lists that the summary opens. */
export async function assignsUnowned(year: Year): Promise<void> {
  const { sandbox, sam } = year;
  const summary = sandbox.slack.workspace.channels
    .get(sandbox.organisation.adminChannel)
    ?.messages.findLast((message) => lists(message).length > 0);
  for (const { label, nth } of summary ? lists(summary) : []) {
    await press(sandbox, sam, summary as Message, label, {}, nth);
    await handsOverAll(year);
  }
}

const OF_NOBODY = ['noOwner', 'ownerLeft', 'notMine'].map((list) => `summaryList:${list}`);

/** The buttons of a summary that open such a list, and which of those that read the same each is. */
function lists(message: Message): { label: string; nth: number }[] {
  const all = pressables(message);
  return all.flatMap(({ label, element }, at) => {
    const nth = all.slice(0, at + 1).filter((one) => one.label === label).length;
    return 'action_id' in element && OF_NOBODY.includes(element.action_id ?? '') ? [{ label, nth }] : [];
  });
}

/** In the list that only the admin sees. */
async function handsOverAll({ sandbox, owners, sam, luck }: Year): Promise<void> {
  const { organisation, slack } = sandbox;
  const list = visibleMessages(slack.workspace, organisation.adminChannel, sam).at(-1);
  const labels = list ? pressables(list).map(({ label }) => label) : [];
  const prompt = owners.filter(({ habit }) => habit === 'prompt');
  for (const label of new Set(labels.filter((one) => one.startsWith('Hand over'))))
    for (let nth = 1; nth <= labels.filter((one) => one === label).length; nth += 1) {
      const to = luck.one(prompt);
      if (to) await press(sandbox, sam, list as Message, label, { 'To whom?': to.slackId }, nth);
    }
}

/** In the end the admin reads all of it as a table. */
export async function asksForAll({ sandbox, sam }: Year): Promise<void> {
  await run(sandbox, 'summary');
  await command(sandbox, sam, 'summary csv', sandbox.organisation.adminChannel);
}

function isToday({ sandbox }: Year, post: Message): boolean {
  return sandbox.clock.now() - postedAt(post) < DAY;
}

function seen({ slack }: Year['sandbox'], person: string): Message[] {
  return inbox(slack.workspace, person).filter(({ ephemeralTo }) => !ephemeralTo);
}

function namesShown({ sandbox }: Year, person: string): string[] {
  return [...new Set(offers(sandbox, person).map(({ userName }) => userName))];
}

/** The cards a person can press, each with the IAM user it is about. */
function offers(sandbox: Year['sandbox'], person: string): Offer[] {
  return seen(sandbox, person).flatMap((message) => {
    const all = pressables(message);
    const labels = all.map(({ label }) => label);
    const target = all.flatMap(({ element, block }) =>
      'value' in element && element.value ? [element.value] : [block.block_id ?? ''],
    )[0];
    const userName = target?.split(/[/#]/)[1];
    return !userName || labels.includes('Open') ? [] : [{ message, userName, labels }];
  });
}
