// What a move means beyond its rotation: who is told, and what is remembered of the IAM user.
import { announcing, type Claim, type IamUser, owing, without } from './iam-user.ts';
import { type Consequence, MOVE_ROWS } from './moves/rows.ts';
import { addressOf } from './owner.ts';
import type { Instant } from './time.ts';

/** `user` as the move left it; `claim` as it was made. */
export function withConsequences(user: IamUser, claim: Claim, at: Instant): IamUser {
  const { move, actor, keyId, input } = claim;
  const { inAws, follows } = MOVE_ROWS[move];
  const isGone = (id: string) => inAws === 'deletes' && id === keyId;
  const left: IamUser = { ...user, stranded: user.stranded.filter((id) => !isGone(id)) };
  if (actor.kind !== 'person') return left;
  const known = FOLLOWING[follows](left, { slackId: actor.slackId, text: input?.text ?? '', at });
  // Whoever acts for somebody else does not do so behind their back.
  return actor.as === 'admin' && addressOf(known.owner) !== undefined ? owing(known, 'notify') : known;
}

interface Said {
  slackId: string;
  text: string;
  at: Instant;
}

const FOLLOWING: Record<Consequence, (user: IamUser, said: Said) => IamUser> = {
  nothing: (user) => user,
  timeAsked: (user) => announcing(user, { kind: 'timeAsked' }),
  bothNeeded: (user, { slackId }) => announcing(user, { kind: 'bothNeeded', slackId }),
  notMine: disowned,
  placeRemembered: (user, { slackId, text, at }) =>
    text ? { ...user, usedAt: { text, at, by: slackId } } : user,
};

function disowned(user: IamUser, { slackId, text: why, at }: Said): IamUser {
  return announcing(
    {
      ...without(user, 'link', 'ownerChange'),
      disowned: { slackId, why, at },
      owner: { kind: 'nobody', why: 'disowned', named: [slackId] },
    },
    { kind: 'notMine', slackId, why },
  );
}
