// One AWS account on loopback, with the roles that serverless.yml deploys and clients as the composition makes them.
import { IAMClient } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { onTestFinished } from 'vitest';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { NEVER, userAt } from '../../domain/given.ts';
import { sandboxClock } from '../../sandbox/clock.ts';
import { readRolePolicies } from '../../sandbox/deployment/serverless-file.ts';
import { ANYTHING } from '../../sandbox/servers/aws/account-under-test.ts';
import { awsBackend } from '../../sandbox/servers/aws/backend.ts';
import { iamService } from '../../sandbox/servers/aws/iam.ts';
import type { IamUser as SandboxUser } from '../../sandbox/servers/aws/iam-state.ts';
import { secretsManagerService } from '../../sandbox/servers/aws/secrets-manager.ts';
import type { Credentials } from '../../sandbox/servers/aws/sigv4.ts';
import { type Fault, startWire } from '../../sandbox/servers/wire.ts';

export const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

export async function startWorld() {
  const clock = sandboxClock(new Date());
  const iam = iamService(clock, { account: ACCOUNT });
  const place = { account: ACCOUNT, region: REGION, resolvePrincipal: iam.resolvePrincipal };
  const secrets = secretsManagerService(clock, place);
  const deployed = readRolePolicies('live', { account: ACCOUNT, region: REGION });
  iam.addRole('worker', deployed.worker);
  iam.addRole('sweeper', deployed.sweeper);
  iam.addRole('admin', [ANYTHING]);
  const wire = await startWire(clock, awsBackend(clock, { iam, services: [secrets] }));
  onTestFinished(() => wire.close());

  const settings = (credentials: Credentials, maxAttempts: number) => ({
    endpoint: wire.url,
    region: REGION,
    credentials,
    maxAttempts,
    requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true },
  });
  const as = (role: string) => iam.session(role, 'test');
  return {
    clock,
    iam,
    secrets,
    wire,
    iamClient: (role: string, maxAttempts = 3) => new IAMClient(settings(as(role), maxAttempts)),
    secretsClient: (role: string) => new SecretsManagerClient(settings(as(role), 3)),
    sent: (action: string) => wire.calls.filter((call) => call.action === action),
    /** What somebody finds in a secret, or the name of the error. */
    async reads(
      who: string | { id: string; secret: string },
      SecretId: string,
      VersionStage?: string,
    ): Promise<string> {
      const credentials =
        typeof who === 'string' ? as(who) : { accessKeyId: who.id, secretAccessKey: who.secret };
      const client = new SecretsManagerClient(settings(credentials, 1));
      const get = new GetSecretValueCommand({ SecretId, ...(VersionStage && { VersionStage }) });
      return client.send(get).then(
        ({ SecretString = '' }) => SecretString,
        (error: Error) => error.name,
      );
    },
    /** The first call of an action meets with a fault, the next ones do not. */
    failOnce(action: string, fault: Fault) {
      let failed = false;
      wire.interfere((call) => {
        if (failed || call.action !== action) return undefined;
        failed = true;
        return fault;
      });
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** The record of a user as IAM describes it now, with nothing under way. */
export function recorded(
  { userName, userId, arn, ...user }: SandboxUser,
  more: Partial<IamUser> = {},
): IamUser {
  const { rotation: _, ...idle } = userAt('due', { userName, userId, arn });
  const keys = user.keys.map(({ id, status, createdAt }) => ({ id, status, createdAt, lastUse: NEVER }));
  return { ...idle, keys, knownKeyIds: keys.map(({ id }) => id), ...more };
}
