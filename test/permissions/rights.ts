// The rights that serverless.yml grants, one action on one resource each, held against what was used.

import { deployRoles } from '../member-roles.ts';
import { sandboxClock } from '../sandbox/clock.ts';
import { type FunctionName, readRolePolicies } from '../sandbox/deployment/serverless-file.ts';
import type { Deployment, Mode } from '../sandbox/deployment/serverless-yaml.ts';
import { list } from '../sandbox/servers/aws/conditions.ts';
import { iamService } from '../sandbox/servers/aws/iam.ts';
import { matchesResource } from '../sandbox/servers/aws/iam-policy.ts';
import type { PolicyStatement } from '../sandbox/servers/aws/service.ts';
import type { Reason } from './reasons.ts';
import type { Actor, Use } from './uses.ts';

export interface Right {
  function: Actor;
  effect: 'Allow' | 'Deny';
  action: string;
  /** An ARN, with wildcards; `*` where the action knows no resource. */
  resource: string;
}

export function rightsIn(mode: Mode, deployment: Deployment = {}): Right[] {
  return Object.entries(readRolePolicies(mode, deployment)).flatMap(([name, statements]) =>
    rightsOf(name as FunctionName, statements),
  );
}

/** Those of the roles of another account. */
export function memberRights(mode: Mode, account: string): Right[] {
  const iam = iamService(sandboxClock(new Date()), { account });
  deployRoles(iam, mode);
  return [...iam.state.roles.values()].flatMap(({ roleName, policies }) =>
    rightsOf(roleName as Actor, policies),
  );
}

function rightsOf(name: Actor, statements: readonly PolicyStatement[]): Right[] {
  return statements.flatMap(({ Effect, Action, Resource = '*' }) =>
    list(Action).flatMap((action) =>
      list(Resource).map((resource) => ({ function: name, effect: Effect, action, resource })),
    ),
  );
}

export function serves(right: Right, use: Use): boolean {
  return (
    right.effect === 'Allow' &&
    right.function === use.function &&
    right.action === use.action &&
    matchesResource(right.resource, use.resource)
  );
}

/** A sentence for each right that was granted and never used. */
export function neverUsed(rights: Right[], uses: Use[]): string[] {
  return rights
    .filter((right) => right.effect === 'Allow' && !uses.some((use) => serves(right, use)))
    .map(
      ({ function: name, action, resource }) => `${name} may ${action} on ${resource}, and no scene uses it`,
    );
}

/** Whether a reason is this right's. */
export function explains({ actions, on }: Reason, { action, resource }: Right): boolean {
  return actions.includes(action) && (on === undefined || on.test(resource));
}

export function isWide(resource: string): boolean {
  return /[*?]/.test(resource);
}
