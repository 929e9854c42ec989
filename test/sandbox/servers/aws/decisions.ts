// Every decision about what a role may do, kept so that tests can hold it against what is deployed.

import { evaluate, type Question, type Verdict } from './iam-policy.ts';
import type { Signer } from './iam-signers.ts';
import type { Permission, PolicyDocument } from './service.ts';

export interface Decision extends Permission {
  /** The role's name; users are not kept. */
  role: string;
  verdict: Verdict;
}

/** Decides by the policies of whoever asks and of what is asked for, and keeps what was decided about a role. */
export function decide(
  decisions: Decision[],
  { caller, policies }: Signer,
  permission: Permission,
  resourcePolicy?: PolicyDocument,
): Verdict {
  const question: Question = { ...permission, caller, identity: policies, resourcePolicy };
  const verdict = evaluate(question);
  if (caller.kind === 'role')
    decisions.push({ ...permission, role: caller.principalArn.split('/').at(-1) ?? '', verdict });
  return verdict;
}
