// Every decision about what a role may do, kept so that tests can hold it against what is deployed.

import { evaluate, type Question, type Verdict } from './iam-policy.ts';
import type { Signer } from './iam-signers.ts';
import type { Permission, PolicyDocument } from './service.ts';

export interface Decision extends Permission {
  /** The role's name; users are not kept. */
  role: string;
  verdict: Verdict;
  /** Its own policies would have allowed it: what is asked for, or whom it trusts, does not. */
  isOwnersNo?: boolean;
}

/** Decides by the policies of whoever asks and of what is asked for, and keeps what was decided about a role. */
export function decide(
  decisions: Decision[],
  { caller, policies, session }: Signer,
  permission: Permission,
  resourcePolicy?: PolicyDocument,
): Verdict {
  const question: Question = { ...permission, caller, identity: policies, session, resourcePolicy };
  const verdict = evaluate(question);
  const role = caller.principalArn.split('/').at(-1) ?? '';
  const isOwnersNo =
    verdict === 'implicitDeny' && evaluate({ ...question, resourcePolicy: openTo(permission) }) === 'allow';
  if (caller.kind === 'role') decisions.push({ ...permission, role, verdict, isOwnersNo });
  return verdict;
}

/** Matters where it is of another account, or a role: there both sides must allow. */
function openTo({ action, resource }: Permission): PolicyDocument | undefined {
  if (action !== 'sts:AssumeRole') return undefined;
  return { Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: resource }] };
}
