// What a move means beyond its rotation: who is told, and what is remembered of the IAM user.
import { announcing, type Claim, type IamUser, owing, without } from './iam-user.ts';
import { addressOf } from './owner.ts';
import type { Instant } from './time.ts';
import type { MoveName } from './transitions.ts';

/** `user` as the move left it; `claim` as it was made. */
export function withConsequences(user: IamUser, claim: Claim, at: Instant): IamUser {
  const { move, actor, keyId, input } = claim;
  const remembered: IamUser = {
    ...user,
    stranded: user.stranded.filter((id) => move !== 'discardStranded' || id !== keyId),
    ...(move === 'confirmMigration' && input?.text && actor.kind === 'person'
      ? { usedAt: { text: input.text, at, by: actor.slackId } }
      : {}),
  };
  if (actor.kind !== 'person') return remembered;
  const known = announced(remembered, move, { slackId: actor.slackId, why: input?.text ?? '', at });
  // Whoever acts for somebody else does not do so behind their back.
  return actor.as === 'admin' && addressOf(known.owner) !== undefined ? owing(known, 'notify') : known;
}

function announced(
  user: IamUser,
  move: MoveName,
  { slackId, why, at }: { slackId: string; why: string; at: Instant },
): IamUser {
  switch (move) {
    case 'askForTime':
      return announcing(user, { kind: 'timeAsked' });
    case 'keepBoth':
      return announcing(user, { kind: 'bothNeeded', slackId });
    case 'notMine':
      return disowned(user, slackId, why, at);
    default:
      return user;
  }
}

function disowned(user: IamUser, slackId: string, why: string, at: Instant): IamUser {
  return announcing(
    {
      ...without(user, 'link', 'ownerChange'),
      disowned: { slackId, why, at },
      owner: { kind: 'nobody', why: 'disowned', named: [slackId] },
    },
    { kind: 'notMine', slackId, why },
  );
}
