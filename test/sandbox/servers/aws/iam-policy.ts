// Decides one request by its policies, the way IAM does, and refuses to guess at anything it does not emulate.
import {
  arnLike,
  conditionsHold,
  like,
  list,
  type Principal,
  refuseUnknownConditions,
  unemulated,
} from './conditions.ts';
import { AwsError, type Permission, type PolicyDocument, type PolicyStatement } from './service.ts';

export type Verdict = 'allow' | 'explicitDeny' | 'implicitDeny';

export interface Question extends Permission {
  caller: Principal;
  /** Without TLS. */
  isPlain?: boolean;
  /** The policies attached to the caller. */
  identity: PolicyStatement[];
  /** The policy of the caller's session, where it has one. */
  session?: PolicyStatement[] | undefined;
  /** The policy attached to the resource. */
  resourcePolicy?: PolicyDocument | undefined;
}

type Reach = 'no' | 'account' | 'yes';

/**
 * IAM User Guide, "Policy evaluation logic": an explicit deny wins; in one account either side may allow, across accounts
 * both must. A role's trust policy must always.
 */
export function evaluate(question: Question): Verdict {
  const attached = question.resourcePolicy?.Statement ?? [];
  const { identity, session } = question;
  for (const statement of [...identity, ...(session ?? [])]) refuseToGuess(statement, 'identity');
  for (const statement of attached) refuseToGuess(statement, 'resource');
  const mine = identity.filter((statement) => applies(statement, question));
  const narrowing = session?.filter((statement) => applies(statement, question));
  const its = attached
    .filter((statement) => applies(statement, question))
    .map((statement) => ({ Effect: statement.Effect, reach: reach(statement, question.caller) }))
    .filter(({ reach }) => reach !== 'no');
  if ([...mine, ...its, ...(narrowing ?? [])].some(({ Effect }) => Effect === 'Deny')) return 'explicitDeny';
  // "Session policies": what the session has is what both its own policy and the role's grant.
  if (narrowing?.length === 0) return 'implicitDeny';

  const owner = question.resource.split(':')[4];
  const sameAccount = !owner || owner === question.caller.account;
  const byIdentity = mine.length > 0;
  // An account as principal only delegates to its own identity policies ("AWS JSON policy elements: Principal").
  const byResource = its.some(({ reach }) => reach === 'yes' || !sameAccount);
  const isTrusted = question.action !== 'sts:AssumeRole' || its.length > 0;
  const allowed = isTrusted && (sameAccount ? byIdentity || byResource : byIdentity && byResource);
  return allowed ? 'allow' : 'implicitDeny';
}

/**
 * Replaces user and role ARNs by unique ids, as AWS does when a resource policy is stored ("AWS JSON policy
 * elements: Principal"): somebody recreated under the same name is somebody else.
 */
export function pinPrincipals(
  policy: PolicyDocument,
  resolve: (arn: string) => string | undefined,
): PolicyDocument {
  const pinned = (value: string) => {
    if (!/^arn:aws:iam::\d{12}:(user|role)\//.test(value)) return value;
    const id = resolve(value);
    if (id) return id;
    throw new AwsError(
      'MalformedPolicyDocumentException',
      'This resource policy contains an unsupported principal.',
    );
  };
  const Statement = policy.Statement.map((statement) => {
    if (typeof statement.Principal !== 'object') return statement;
    return { ...statement, Principal: { AWS: list(statement.Principal.AWS).map(pinned) } };
  });
  return { ...policy, Statement };
}

function applies(statement: PolicyStatement, question: Question): boolean {
  const asked = question.action.toLowerCase();
  return (
    list(statement.Action).some((action) => like(action.toLowerCase(), asked)) &&
    list(statement.Resource ?? '*').some((resource) => matchesResource(resource, question.resource)) &&
    conditionsHold(statement.Condition ?? {}, question)
  );
}

/** How a statement's principal reaches the caller: not, as one of an account, or in person. */
function reach({ Principal }: PolicyStatement, caller: Principal): Reach {
  const named = Principal === '*' ? ['*'] : list(Principal?.AWS ?? []);
  const uniqueId = caller.userId.split(':')[0];
  const own = ['*', caller.arn, caller.principalArn, uniqueId];
  if (named.some((value) => own.includes(value))) return 'yes';
  const whole = [caller.account, `arn:aws:iam::${caller.account}:root`];
  return named.some((value) => whole.includes(value)) ? 'account' : 'no';
}

/** "AWS JSON policy elements: Resource": segment by segment; missing segments of a short ARN stand for anything. */
export function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === '*') return true;
  const segments = pattern.split(':');
  return arnLike([...segments, ...Array(Math.max(0, 6 - segments.length)).fill('*')].join(':'), resource);
}

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** A role's statements decide thousands of requests: each is checked once. */
const checked = { identity: new WeakSet<PolicyStatement>(), resource: new WeakSet<PolicyStatement>() };

/** Checked before matching, so that a policy nobody has hit yet cannot hide something unknown. */
function refuseToGuess(statement: PolicyStatement, kind: 'identity' | 'resource'): void {
  if (checked[kind].has(statement)) return;
  for (const element of Object.keys(statement))
    if (!ELEMENTS.includes(element)) throw unemulated(`policy element ${element}`);
  if (typeof statement.Principal === 'object' && Object.keys(statement.Principal).join() !== 'AWS')
    throw unemulated(`principal ${JSON.stringify(statement.Principal)}`);
  if ((kind === 'resource') !== (statement.Principal !== undefined))
    throw unemulated(`${kind} statement ${statement.Principal ? 'with' : 'without'} Principal`);
  if (kind === 'identity' && statement.Resource === undefined)
    throw unemulated('identity statement without Resource');
  refuseUnknownConditions(statement.Condition ?? {});
  if (/\$\{/.test(JSON.stringify(statement))) throw unemulated('policy variable');
  checked[kind].add(statement);
}
