// What a move changes in an IAM user's record besides the rotation.
import { type Claim, type IamUser, without } from './iam-user.ts';
import { type Consequence, MOVE_ROWS } from './moves/rows.ts';
import type { Instant } from './time.ts';

/** `user` as the move left it; `claim` as it was made. */
export function withConsequences(user: IamUser, claim: Claim, at: Instant): IamUser {
  const { move, actor, keyId, input } = claim;
  const { inAws, follows } = MOVE_ROWS[move];
  const isGone = (id: string) => inAws === 'deletes' && id === keyId;
  const left: IamUser = { ...user, stranded: user.stranded.filter((id) => !isGone(id)) };
  return FOLLOWING[follows](left, { slackId: actor.slackId, text: input?.text ?? '', at });
}

interface Said {
  slackId: string;
  text: string;
  at: Instant;
}

const FOLLOWING: Record<Consequence, (user: IamUser, said: Said) => IamUser> = {
  nothing: (user) => user,
  notMine: (user, { slackId, text: why, at }) => ({
    ...without(user, 'link', 'ownerChange'),
    disowned: { slackId, why, at },
    owner: { kind: 'nobody', why: 'disowned', named: [slackId] },
  }),
  placeRemembered: (user, { slackId, text, at }) =>
    text ? { ...user, usedAt: { text, at, by: slackId } } : user,
};
