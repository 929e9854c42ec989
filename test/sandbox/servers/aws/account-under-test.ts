// One AWS account on loopback for the sandbox's own tests, with a clock that real SDK clients follow.
import { IAMClient } from '@aws-sdk/client-iam';
import { onTestFinished } from 'vitest';
import { sandboxClock } from '../../clock.ts';
import { startWire, type Wire } from '../wire.ts';
import { type AwsParts, awsBackend } from './backend.ts';
import { iamService } from './iam.ts';
import { secretsManagerService } from './secrets-manager.ts';
import type { PolicyStatement } from './service.ts';
import type { Credentials } from './sigv4.ts';
import { sqsService } from './sqs.ts';
import { stsService } from './sts.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const ANYTHING: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: '*' };

export async function startAccount({
  start = new Date(),
  forward = {},
}: {
  start?: Date;
  forward?: NonNullable<AwsParts['forward']>;
} = {}) {
  const clock = sandboxClock(start);
  const place = { account: ACCOUNT, region: REGION };
  const iam = iamService(clock, place);
  iam.addRole('admin', [ANYTHING]);
  const secrets = secretsManagerService(clock, { ...place, resolvePrincipal: iam.resolvePrincipal });
  const sqs = sqsService(clock, { ...place, endpoint: () => wire.url });
  const wire: Wire = await startWire(
    clock,
    awsBackend(clock, { iam, services: [secrets, sqs, stsService(clock, () => [iam])], forward }),
  );
  onTestFinished(() => wire.close());
  const settings = (credentials: Credentials) => ({
    endpoint: wire.url,
    region: REGION,
    credentials,
    maxAttempts: 1,
  });
  const clients: { config: { systemClockOffset: number } }[] = [];
  const tellTime = () => {
    for (const { config } of clients) config.systemClockOffset = clock.now() - Date.now();
  };
  /** The client keeps the sandbox's time, also when that moves. */
  function following<Client extends { config: { systemClockOffset: number } }>(client: Client): Client {
    clients.push(client);
    tellTime();
    return client;
  }
  return {
    ...{ clock, iam, secrets, sqs, wire, settings, following },
    client: following(new IAMClient(settings(iam.session('admin', 'tests')))),
    iamAs: (credentials: Credentials) => following(new IAMClient(settings(credentials))),
    /** Moves the sandbox's time, and the clients' with it. */
    later(ms: number) {
      clock.advance(ms);
      tellTime();
    },
  };
}

export type AccountUnderTest = Awaited<ReturnType<typeof startAccount>>;

/** A user's key as the SDK wants it. */
export function keyOf({ id, secret }: { id: string; secret: string }): Credentials {
  return { accessKeyId: id, secretAccessKey: secret };
}
