// `/keyrotate list`: somebody's IAM users, and their channels', with all their keys, live. Their own for anybody, others' for admins.
import { nameOf } from '../../domain/iam-user.ts';
import { ifFailed } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { adminOnly, memberOnly } from '../shared/authorize.ts';
import { readKeys } from '../shared/live-user.ts';
import type { ListedUser, OwnedUser, OwnList } from './answers.ts';
import { MOST_SHOWN, ONE_TAKES_MS, type Owned, ownedUsers } from './owned-users.ts';

export async function answerList(
  job: CommandJob,
  slackId: string | undefined,
  ports: Ports,
  more: Pick<OwnList, 'isAdmins'> = {},
): Promise<void> {
  const refusal =
    slackId === undefined || slackId === job.personId
      ? await memberOnly(job.personId, ports)
      : await adminOnly(job.personId, ports);
  if (refusal) return refuse(job, refusal, ports);
  const person = await ports.directory.person(slackId ?? job.personId);
  if (!person) return refuse(job, { kind: 'personBarred', why: 'unknown' }, ports);
  await ports.messenger.answerList(job, {
    ...more,
    ...(slackId !== undefined && slackId !== job.personId && { slackId }),
    ...(await listKeys(await ownedUsers(person, ports), ports)),
  });
}

/** The keys of as many as one message holds; as they are on record, where AWS does not tell them in time. */
export async function listKeys(
  { users, recorded, unanswered: notAsked, channelsUnanswered }: Owned,
  ports: Ports,
): Promise<OwnList> {
  const listed: ListedUser[] = [];
  const unanswered = [...notAsked];
  const records = new Map(recorded.map((user) => [nameOf(user), user]));
  const left: OwnedUser[] = [];
  for (const user of users.slice(0, MOST_SHOWN)) {
    const record = records.get(nameOf(user));
    const asRecorded = record && { ...user, keys: record.keys, seenAt: record.keysSeenAt };
    if (ports.timeLeft() < ONE_TAKES_MS) {
      if (asRecorded) listed.push(asRecorded);
      else left.push(user);
      continue;
    }
    const reading = readKeys(user.userName, ports.keys(user.account));
    const keys = await ifFailed(reading, (error) => {
      ports.log.warn('list.accountUnanswered', { account: user.account, error });
      return 'unanswered' as const;
    });
    if (keys === 'unanswered') unanswered.push(user.account);
    if (keys === 'unanswered' && asRecorded) listed.push(asRecorded);
    if (keys !== 'unanswered') listed.push({ ...user, keys: keys ?? [] });
  }
  const rest = [...left, ...users.slice(MOST_SHOWN)];
  return {
    at: ports.now(),
    users: listed,
    more: rest.length,
    ofChannels: [...listed, ...rest].filter(({ channelId }) => channelId !== undefined).length,
    unanswered: [...new Set(unanswered)],
    channelsUnanswered,
  };
}
