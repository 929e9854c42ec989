// What a move means beyond its rotation: what is remembered of the IAM user.
import { type Claim, type IamUser, without } from './iam-user.ts';
import type { Instant } from './time.ts';

/** `user` as the move left it; `claim` as it was made. */
export function withConsequences(user: IamUser, { move, actor, keyId, input }: Claim, at: Instant): IamUser {
  const remembered: IamUser = {
    ...user,
    stranded: user.stranded.filter((id) => move !== 'discardStranded' || id !== keyId),
  };
  if (actor.kind !== 'person') return remembered;
  if (move === 'confirmMigration' && input?.text)
    return { ...remembered, usedAt: { text: input.text, at, by: actor.slackId } };
  return move === 'notMine' ? disowned(remembered, actor.slackId, input?.text ?? '', at) : remembered;
}

function disowned(user: IamUser, slackId: string, why: string, at: Instant): IamUser {
  return {
    ...without(user, 'link', 'ownerChange'),
    disowned: { slackId, why, at },
    owner: { kind: 'nobody', why: 'disowned', named: [slackId] },
  };
}
