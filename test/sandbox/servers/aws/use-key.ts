// An application that does something with its access key.
import type { Clock } from '../../clock.ts';
import { type Credentials, signer } from './sigv4.ts';

export interface Use {
  ok: boolean;
  status: number;
  /** The error's code; undefined when all went well. */
  code: string | undefined;
}

/** Signs one request for a service the sandbox does not emulate (s3, ecr…), or asks sts who it is. */
export async function useKey(
  url: string,
  credentials: Credentials,
  service: string,
  region: string,
  clock: Clock,
): Promise<Use> {
  const form = 'application/x-www-form-urlencoded';
  const request =
    service === 'sts'
      ? {
          method: 'POST',
          headers: { 'content-type': form },
          body: 'Action=GetCallerIdentity&Version=2011-06-15',
        }
      : { method: 'GET', headers: {} };
  const { host, hostname } = new URL(url);
  const signed = await signer(credentials, service, region).sign(
    { ...request, protocol: 'http:', hostname, path: '/', headers: { ...request.headers, host } },
    { signingDate: new Date(clock.now()) },
  );
  const response = await fetch(url, {
    method: signed.method,
    headers: signed.headers,
    body: signed.body ?? null,
  });
  const body = await response.text();
  const code = response.ok
    ? undefined
    : /<Code>(.*?)<\/Code>|"__type":"(.*?)"/.exec(body)?.slice(1).find(Boolean);
  return { ok: response.ok, status: response.status, code };
}
