// An application that does something with its access key.
import type { Clock } from '../../clock.ts';
import { type Credentials, signer } from './sigv4.ts';

export interface Use {
  ok: boolean;
  status: number;
  /** The error's code; undefined when all went well. */
  code: string | undefined;
}

/** Signs one request for a service the sandbox does not emulate: s3, ecr… */
export async function useKey(
  url: string,
  credentials: Credentials,
  service: string,
  region: string,
  clock: Clock,
): Promise<Use> {
  const { host, hostname } = new URL(url);
  const signed = await signer(credentials, service, region).sign(
    { method: 'GET', protocol: 'http:', hostname, path: '/', headers: { host } },
    { signingDate: new Date(clock.now()) },
  );
  const response = await fetch(url, { headers: signed.headers });
  const code = /"__type":"(.*?)"/.exec(await response.text())?.[1];
  return { ok: response.ok, status: response.status, code };
}
