// `/keyrotate list`: somebody's IAM users, and their channels', with all their keys, live. Their own for anybody, others' for admins.
import { ifFailed } from '../errors.ts';
import type { CommandJob } from '../jobs.ts';
import { refuse } from '../messages/refuse.ts';
import type { Ports } from '../ports.ts';
import { adminOnly, memberOnly } from '../shared/authorize.ts';
import { readKeys } from '../shared/live-user.ts';
import type { ListedUser, OwnList } from './answers.ts';
import { type Owned, ownedUsers } from './owned-users.ts';

/** More than this does not fit into a message, and takes too long to ask. */
const MOST_USERS = 20;
/** With AWS at its slowest. The others are counted: whoever waits is answered, and the next press goes on. */
const ONE_TAKES_MS = 30_000;

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

/** The keys of as many as one message holds. */
export async function listKeys(
  { users, unanswered: notAsked, channelsUnanswered }: Owned,
  ports: Ports,
): Promise<OwnList> {
  const listed: ListedUser[] = [];
  const unanswered = [...notAsked];
  let asked = 0;
  for (const user of users.slice(0, MOST_USERS)) {
    if (ports.timeLeft() < ONE_TAKES_MS) break;
    asked += 1;
    const reading = readKeys(user.userName, ports.keys(user.account));
    const keys = await ifFailed(reading, (error) => {
      ports.log.warn('list.accountUnanswered', { account: user.account, error });
      return 'unanswered' as const;
    });
    if (keys === 'unanswered') unanswered.push(user.account);
    else listed.push({ ...user, keys: keys ?? [] });
  }
  const rest = users.slice(asked);
  return {
    at: ports.now(),
    users: listed,
    more: rest.length,
    ofChannels: [...listed, ...rest].filter(({ channelId }) => channelId !== undefined).length,
    unanswered: [...new Set(unanswered)],
    channelsUnanswered,
  };
}
