// What Lambda itself does in a function's name, and only where the function's role allows it.
import { type Decision, decide } from './decisions.ts';
import type { Signer } from './iam-signers.ts';
import type { Permission, PolicyDocument } from './service.ts';

/** Lambda Developer Guide, "Using Lambda with Amazon SQS": without these the mapping is refused. */
export function polling(queueArn: string): Permission[] {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return actions.map((action) => ({ action, resource: queueArn }));
}

/** Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"; the deployment makes the group. */
export function logging(place: { account: string; region: string; functionName: string }): Permission[] {
  const group = `arn:aws:logs:${place.region}:${place.account}:log-group:/aws/lambda/${place.functionName}`;
  const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  return actions.map((action) => ({ action, resource: `${group}:log-stream:1` }));
}

/** Lambda Developer Guide, "Adding a dead-letter queue": without it the function is refused. */
export function burying(queueArn: string): Permission[] {
  return [{ action: 'sqs:SendMessage', resource: queueArn }];
}

/** Throws where AWS would refuse the deployment, or silently keep no log. */
export function actFor(
  signer: Signer,
  permissions: Permission[],
  decisions: Decision[],
  policyOf: (resource: string) => PolicyDocument | undefined = () => undefined,
): void {
  for (const permission of permissions)
    if (decide(decisions, signer, permission, policyOf(permission.resource)) !== 'allow')
      throw new Error(`${signer.caller.arn} lacks ${permission.action} on ${permission.resource}`);
}
