// A real account behind the sandbox's door: a call that the function's role allows is signed anew, with the profile's credentials.
import type { Elsewhere } from '../sandbox/deployed.ts';
import { type Credentials, signer } from '../sandbox/servers/aws/sigv4.ts';
import type { WireReply, WireRequest } from '../sandbox/servers/wire.ts';

export interface RealAccount {
  account: string;
  region: string;
  credentials(): Promise<Credentials>;
  /** A server in AWS's place. */
  endpoint?: string | undefined;
}

/** Table and queues stay here. */
const REAL = ['iam', 'secretsmanager', 'kms'];
/** It has one address for all regions of the partition, and signs in this one. */
const IAM = { host: 'iam.amazonaws.com', region: 'us-east-1' };

export function realAws({ account, region, credentials, endpoint }: RealAccount): Elsewhere {
  const forwardTo =
    (service: string) =>
    async ({ method, path, headers, body }: WireRequest): Promise<WireReply> => {
      const real = service === 'iam' ? IAM : { host: `${service}.${region}.amazonaws.com`, region };
      const { protocol, host, hostname } = new URL(endpoint ?? `https://${real.host}`);
      const kept = ['content-type', 'x-amz-target'].flatMap((name) =>
        headers[name] ? [[name, headers[name]]] : [],
      );
      const request = {
        protocol,
        hostname,
        method,
        path,
        body,
        headers: { host, ...Object.fromEntries(kept) },
      };
      const signed = await signer(await credentials(), service, real.region).sign(request);
      const answer = await fetch(`${protocol}//${host}${path}`, {
        method,
        headers: signed.headers,
        body: new Uint8Array(body),
      });
      const type = answer.headers.get('content-type') ?? '';
      return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
    };
  return (iam) => ({
    forward: Object.fromEntries(REAL.map((service) => [service, forwardTo(service)])),
    services: [
      {
        ...iam,
        // Whose key it is only the account knows.
        resource: (call) =>
          call.input.UserName === undefined && call.input.AccessKeyId !== undefined
            ? `arn:aws:iam::${account}:user/-`
            : iam.resource?.(call),
      },
    ],
  });
}
