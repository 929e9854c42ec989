// What a button carries: the move in its action_id, the IAM user in its value. Both are hints, never a permission.
import type { IamUserId } from '../../../domain/iam-user.ts';
import { isMoveName, type MoveName } from '../../../domain/transitions.ts';

export interface Press {
  move: MoveName;
  /** "Anyway": the person has read the doubts. */
  insist: boolean;
}

/** Every button of ours that makes a move. */
export const PRESS_PATTERN = /^(?:move|insist):[A-Za-z]{1,40}$/;

const TARGET_PATTERN = /^(?<account>\d{12})\/(?<userName>[\w+=,.@-]{1,64})$/;

export function pressId(move: MoveName, insist: boolean): string {
  return `${insist ? 'insist' : 'move'}:${move}`;
}

export function parsePress(actionId: string): Press | undefined {
  if (!PRESS_PATTERN.test(actionId)) return undefined;
  const [kind, move = ''] = actionId.split(':');
  return isMoveName(move) ? { move, insist: kind === 'insist' } : undefined;
}

export function targetValue({ account, userName }: IamUserId): string {
  return `${account}/${userName}`;
}

export function parseTarget(value: string): IamUserId | undefined {
  const { account, userName } = TARGET_PATTERN.exec(value)?.groups ?? {};
  return account && userName ? { account, userName } : undefined;
}
