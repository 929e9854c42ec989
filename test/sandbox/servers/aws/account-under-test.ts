// One AWS account on loopback for the sandbox's own tests, with a clock that real SDK clients follow.
import { IAMClient } from '@aws-sdk/client-iam';
import { onTestFinished } from 'vitest';
import { sandboxClock } from '../../clock.ts';
import { startWire } from '../wire.ts';
import { type AwsParts, awsBackend } from './backend.ts';
import { iamService } from './iam.ts';
import type { AwsService, PolicyStatement } from './service.ts';
import type { Credentials } from './sigv4.ts';

export const ACCOUNT = '123456789012';
export const ANYTHING: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: '*' };

export async function startAccount(services: AwsService[] = [], forward: AwsParts['forward'] = {}) {
  const clock = sandboxClock(new Date());
  const iam = iamService(clock, { account: ACCOUNT });
  iam.addRole('admin', [ANYTHING]);
  const wire = await startWire(clock, awsBackend(clock, { iam, services, forward }));
  onTestFinished(() => wire.close());
  const settings = (credentials: Credentials) => ({
    endpoint: wire.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const clients: { config: { systemClockOffset: number } }[] = [];
  function following<Client extends { config: { systemClockOffset: number } }>(client: Client): Client {
    clients.push(client);
    return client;
  }
  return {
    clock,
    iam,
    wire,
    settings,
    client: following(new IAMClient(settings(iam.session('admin', 'tests')))),
    iamAs: (credentials: Credentials) => following(new IAMClient(settings(credentials))),
    /** Moves the sandbox's time, and the clients' with it. */
    later(ms: number) {
      clock.advance(ms);
      for (const { config } of clients) config.systemClockOffset = clock.now() - Date.now();
    },
  };
}

/** A user's key as the SDK wants it. */
export function keyOf({ id, secret }: { id: string; secret: string }): Credentials {
  return { accessKeyId: id, secretAccessKey: secret };
}
