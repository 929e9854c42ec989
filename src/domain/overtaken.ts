// Whether something was decided after somebody asked for something: what they asked for may be carried out days later.
import type { IamUser } from './iam-user.ts';
import type { Refusal } from './refusal.ts';
import { type Instant, SECOND } from './time.ts';

/** Slack signs whole seconds. */
export function isSince(at: Instant | undefined, askedAt: Instant): boolean {
  return at !== undefined && at >= askedAt + SECOND;
}

/** Of two who say who owns it, the one who asked later counts, whichever order is carried out first. */
export function ownerDecidedSince({ ownerDecided, link, disowned }: IamUser, askedAt: Instant): boolean {
  // On a record of the version before there is only when the link was made.
  const decidedAt = ownerDecided ? ownerDecided.askedAt : link?.at;
  return isSince(decidedAt, askedAt) || isSince(disowned?.at, askedAt);
}

/** Whether a person has gone on with the rotation, or it is over. `jobId`: whose own work does not count. */
export function rotatedSince({ rotation }: IamUser, askedAt: Instant, jobId: string): boolean {
  if (!rotation || rotation.history.some((entry) => entry.jobId === jobId)) return false;
  const { history } = rotation;
  const isDone = history.some(
    ({ at, by, outcome }) => by.kind === 'person' && outcome === 'done' && isSince(at, askedAt),
  );
  return isDone || ('closedAt' in rotation && isSince(rotation.closedAt, askedAt));
}

export function overtaken(
  { askedAt }: { askedAt: Instant },
  by: 'decision' | 'anotherUser' = 'decision',
): Refusal {
  return { kind: 'overtaken', askedAt, by };
}
