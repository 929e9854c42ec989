// What would come of an admin's rules, or of what they picked, for those without an owner. Nothing is assigned yet.
import { fingerprint } from '../../domain/fingerprint.ts';
import { nameOf } from '../../domain/iam-user.ts';
import { addressOf, type Link } from '../../domain/owner.ts';
import { fitsRule, type OwnerRule, type OwnerRules, readNamedOwner } from '../../domain/owner-rules.ts';
import type { Command, CommandJob } from '../jobs.ts';
import type { OwnersPlan, Ports } from '../ports.ts';
import type { LineProblem, OwnerlessUser, OwnersRow, PlannedLine } from './answers.ts';
import { ownerFor } from './assign-owner.ts';
import { allDue, type Due, everyUser, notDue, ofNobody, ownerless, withoutOwner } from './ownerless.ts';

/** Each takes one or two questions to Slack, which answers some fifty a minute. */
const MOST_OWNERS = 40;
/** What one item of the table holds, and what is done within minutes. */
const MOST_USERS = 1000;

/** The caller has made sure that an admin asks. */
export async function planOwners(job: CommandJob, rules: OwnerRules, ports: Ports): Promise<void> {
  const due = await allDue(ports);
  const users = ofNobody(due);
  // A table of all comes back with the owners that there are.
  const known = [...due.map(({ user }) => user), ...(await notDueIn(rules.rules, due, ports))];
  const isSo = (rule: OwnerRule) =>
    rule.exact && known.some((user) => addressOf(user.owner) === rule.owner && fitsRule(rule, user));
  const asked = rules.rules.filter((rule) => !isSo(rule));
  const owners = await ownersNamed(asked, job, ports);
  const lines = new Map<string, PlannedLine>();
  const taken = new Set<string>();
  for (const rule of asked) {
    const named = owners.get(rule.owner) ?? { problem: 'tooMany' };
    const fitting = users.filter((user) => !taken.has(nameOf(user)) && fitsRule(rule, user));
    // The first line that fits counts, also where nobody can own by it.
    for (const user of fitting) taken.add(nameOf(user));
    addTo(lines, rule, named, fitting);
  }
  for (const { line, text } of rules.unclear)
    lines.set(`line ${line}`, { text, line, users: [], problem: 'unclear' });
  const inOrder = [...lines.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  await show(job, { planned: inOrder, made: { text: rules.text } }, users, ports);
}

/** The caller has made sure that an admin asks. */
export async function planPicked(
  job: CommandJob,
  { picked, search, to }: Extract<Command, { name: 'planPicked' }>,
  ports: Ports,
): Promise<void> {
  const { users: found } = await ownerless({ ...(search !== undefined && { search }) }, ports);
  const wanted = picked === 'all' ? undefined : new Set(picked.map(nameOf));
  const users = found.filter((user) => !wanted || wanted.has(nameOf(user)));
  const owner = await ownerFor(to, ports);
  const problem = 'refusal' in owner ? 'cannotOwn' : users.length === 0 ? 'noMatch' : undefined;
  const planned: PlannedLine[] = [{ to, users, ...(problem && { problem }) }];
  const made = search === undefined ? {} : { search };
  await show(job, { planned, made }, await withoutOwner(ports), ports);
}

/** What a plan was made of is shown once more. The caller has made sure that an admin asks. */
export async function mendPlan(job: CommandJob, planId: string, ports: Ports): Promise<void> {
  const { text, search } = (await ports.records.plan(planId)) ?? {};
  const owners = await ownerless(search === undefined ? {} : { search }, ports);
  await ports.messenger.answerOwners(job, { ...owners, ...(text !== undefined && { text }) });
}

/** The IAM users about whom nothing is open, as far as rows of a table name them. */
async function notDueIn(
  rules: readonly OwnerRule[],
  due: readonly Due[],
  ports: Ports,
): Promise<OwnersRow[]> {
  const rows = rules.filter((rule) => rule.exact && !due.some(({ user }) => fitsRule(rule, user)));
  if (rows.length === 0) return [];
  const { found } = await everyUser(ports);
  return notDue(
    found.filter((user) => rows.some((rule) => fitsRule(rule, user))),
    due,
    ports,
  );
}

type Named = { to: Link['to']; problem?: 'cannotOwn' } | { problem: 'nobody' | 'tooMany' };

/** By how they are written. */
async function ownersNamed(
  rules: readonly OwnerRule[],
  job: CommandJob,
  ports: Ports,
): Promise<Map<string, Named>> {
  const named = new Map<string, Named>();
  for (const { owner } of rules) {
    if (named.size === MOST_OWNERS) break;
    if (!named.has(owner)) named.set(owner, await ownerNamed(owner, job, ports));
  }
  return named;
}

async function ownerNamed(words: string, { personId }: CommandJob, ports: Ports): Promise<Named> {
  const named = readNamedOwner(words);
  const to = named && (await linkFor(named, personId, ports));
  if (!to) return { problem: 'nobody' };
  return 'refusal' in (await ownerFor(to, ports)) ? { to, problem: 'cannotOwn' } : { to };
}

/** By its name a channel is found only where the admin is in it, too: nobody learns of others. */
async function linkFor(
  named: NonNullable<ReturnType<typeof readNamedOwner>>,
  personId: string,
  { directory }: Ports,
): Promise<Link['to'] | undefined> {
  if (named.kind === 'email') {
    const person = await directory.personOfEmail(named.email);
    return person && { kind: 'person', slackId: person.slackId };
  }
  if (named.kind !== 'channelName') return named;
  const channelId = await directory.privateChannelCalled(named.name, personId);
  return channelId === undefined ? undefined : { kind: 'channel', channelId };
}

/** The rows of a table that name the same owner are told together. */
function addTo(lines: Map<string, PlannedLine>, rule: OwnerRule, named: Named, users: OwnerlessUser[]): void {
  const { line, text, userName, owner, exact } = rule;
  const id = exact ? `owner ${owner}` : `line ${line}`;
  const known = lines.get(id);
  const all = [...(known?.users ?? []), ...users];
  const unknown = [...(known?.unknown ?? []), ...(exact && users.length === 0 ? [userName] : [])];
  const problem: LineProblem | undefined = named.problem ?? (all.length === 0 ? 'noMatch' : undefined);
  lines.set(id, {
    line: known?.line ?? line,
    text,
    users: all,
    ...('to' in named && { to: named.to }),
    ...(problem && { problem }),
    ...(unknown.length > 0 && { unknown }),
  });
}

async function show(
  job: CommandJob,
  { planned, made }: { planned: readonly PlannedLine[]; made: Pick<OwnersPlan, 'text' | 'search'> },
  all: readonly OwnerlessUser[],
  ports: Ports,
): Promise<void> {
  let room = MOST_USERS;
  const lines = planned.map((line): PlannedLine => {
    if (line.problem) return line;
    const users = line.users.slice(0, room);
    room -= users.length;
    return { ...line, users };
  });
  const parts = lines.flatMap(({ to, users, problem }) =>
    to && !problem && users.length > 0
      ? [{ to, users: users.map(({ account, userName }) => ({ account, userName })) }]
      : [],
  );
  const inPlan = new Set(parts.flatMap(({ users }) => users.map(nameOf)));
  const left = all.filter((user) => !inPlan.has(nameOf(user)));
  const count = (some: readonly PlannedLine[]) => some.reduce((sum, { users }) => sum + users.length, 0);
  // A job that comes twice may find others by then: that is another plan.
  const planId = fingerprint(JSON.stringify([job.id, parts]));
  await ports.records.savePlan({ id: planId, at: ports.now(), ...made, parts });
  await ports.messenger.answerPlan(job, { planId, lines, left, tooMany: count(planned) - count(lines) });
}
