// A profile's AWS account: which one it is, where, and how to sign for it.
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { calling } from '../../src/adapters/sdk-error.ts';
import { ifFailed, type OutsideError } from '../../src/usecases/errors.ts';
import type { RealAccount } from './real-aws.ts';

/** One sentence where it cannot be looked at. */
export async function accountOf(profile: string, wanted?: string): Promise<RealAccount | string> {
  const client = (region: string) => new IAMClient({ profile, region });
  const region = wanted ?? (await new IAMClient({ profile }).config.region().catch(() => undefined));
  if (!region)
    return `--region is missing, and the profile ${profile} has none: say where, such as --region eu-central-1`;
  const iam = client(region);
  // Every account has roles, be it AWS's own.
  const asking = calling('ListRoles', iam.send(new ListRolesCommand({ MaxItems: 1 })));
  const answer = await ifFailed(asking, (error) => why(profile, error));
  if (typeof answer === 'string') return answer;
  const account = answer.Roles?.[0]?.Arn?.split(':')[4];
  if (!account) return `AWS shows no role in the account of the profile ${profile}`;
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return { account, region, credentials: () => iam.config.credentials(), endpoint };
}

function why(profile: string, { code, outcome, operation }: OutsideError): string {
  if (code === 'CredentialsProviderError')
    return `There are no AWS credentials for the profile ${profile}: log in, such as with aws sso login --profile ${profile}`;
  return outcome === 'refused'
    ? `The profile ${profile} may not call ${operation} (${code})`
    : `AWS did not answer ${operation} (${code}): start again`;
}
