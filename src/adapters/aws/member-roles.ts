// The sessions of the roles that other accounts have for keyrotate: who asks for one may do there what it is for, and no more.
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { OutsideError } from '../../usecases/errors.ts';
import { calling } from '../sdk-error.ts';

export const READ_ROLE = 'keyrotate-read';
export const ACT_ROLE = 'keyrotate-act';

/** What a session is for. Its policy grants nothing: it takes away what the role may besides. */
export interface Purpose {
  role: typeof READ_ROLE | typeof ACT_ROLE;
  allows: readonly Allowed[];
}

interface Allowed {
  Action: readonly string[];
  Resource: string | readonly string[];
}

export interface MemberRoles {
  client: STSClient;
  partition: string;
  /** Under which CloudTrail shows, in the other account, what is done: 2 to 64 characters. */
  sessionName: string;
  externalId?: string | undefined;
}

/** What the SDK knows as an identity. `expiration`: by it the SDK asks anew, five minutes before. */
interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** Seconds: the least that AWS takes. What a job has learnt of a role is then over soon after the role is. */
const LASTS = 900;

/** Credentials for a client. They throw OutsideError, `refused` where there is no such role or it does not trust keyrotate. */
export function sessionsOf(roles: MemberRoles, account: string, purpose: Purpose): () => Promise<Session> {
  const { client, partition, sessionName, externalId } = roles;
  const statements = purpose.allows.map((allowed) => ({ Effect: 'Allow', ...allowed }));
  const assume = new AssumeRoleCommand({
    RoleArn: `arn:${partition}:iam::${account}:role/${purpose.role}`,
    RoleSessionName: sessionName,
    DurationSeconds: LASTS,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    ...(externalId && { ExternalId: externalId }),
  });
  return async () => {
    const { Credentials } = await calling('AssumeRole', client.send(assume));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new OutsideError('unknown', 'AssumeRole', 'IncompleteAnswer');
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}
