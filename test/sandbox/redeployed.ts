// The same deployment in another mode, or with other settings: table, queues and servers stay as they are, the functions start anew.
import { SANDBOX_ACCOUNT } from './deployment/cloudformation.ts';
import { deliverTo, startFunctions } from './deployment/functions.ts';
import { type FunctionName, readQueues, readRole, readRolePolicies } from './deployment/serverless-file.ts';
import type { Mode } from './deployment/serverless-yaml.ts';
import type { Sandbox } from './sandbox.ts';

/** @param roles whether the roles follow the mode, as they do when deployed, or stay, so that only the code is asked. */
export async function redeployed(
  before: Sandbox,
  mode: Mode,
  roles: 'follow' | 'stay',
  settings: Record<string, string> = {},
): Promise<Sandbox> {
  const { clock, aws, slack } = before;
  const environment: Record<string, string> = { ...before.environment, MODE: mode, ...settings };
  if (roles === 'follow') renewRoles(aws.iam, mode, environment, settings);
  const urls = { awsUrl: aws.wire.url, slackUrl: slack.wire.url };
  const functions = await startFunctions({ clock, iam: aws.iam, ...urls, environment });
  return { ...before, environment, functions, queues: deliverTo(functions, readQueues(), aws.sqs, clock) };
}

/** They are made anew where the stack was removed. */
function renewRoles(
  iam: Sandbox['aws']['iam'],
  mode: Mode,
  { SECRET_KMS_KEY_ID = '', ACCOUNTS = '' }: Record<string, string>,
  { TABLE_NAME = '' }: Record<string, string>,
): void {
  const deployment = {
    mode,
    params: { SECRET_KMS_KEY_ID, TABLE_NAME, ...(ACCOUNTS !== `${SANDBOX_ACCOUNT}:main` && { ACCOUNTS }) },
  };
  for (const [name, policies] of Object.entries(readRolePolicies(mode, deployment))) {
    const { path, description } = readRole(name as FunctionName, deployment);
    const role = iam.state.roles.get(name);
    if (role) Object.assign(role, { policies, description });
    else iam.addRole(name, policies, path, description);
  }
}
