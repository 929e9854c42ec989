// The clients for each account: in its own one keyrotate is itself, in every other it assumes a role.
import type { STSClient } from '@aws-sdk/client-sts';
import { ACT_ROLE, type Purpose, READ_ROLE, sessionsOf } from './member-roles.ts';

/** Whatever client of AWS's; all that is known of it is how it is made. */
export interface Kind<Client extends Ended> {
  name: string;
  /** `more`: whose credentials it takes, and where it asks, if not as the function itself. */
  make(more?: { credentials: () => Promise<Credentials>; region: string }): Client;
}

interface Ended {
  destroy(): void;
}

type Credentials = Awaited<ReturnType<ReturnType<typeof sessionsOf>>>;

export interface AccountsSettings {
  /** keyrotate's own. */
  own: string;
  /** Of all accounts: no role is assumed in another one. */
  partition: string;
  /** Where an account's vault is. */
  regionOf(account: string): string;
  /** Made when it is first needed: most deployments watch their own account alone. */
  sts(): STSClient;
  sessionName: string;
  externalId?: string | undefined;
  /** All that this function reads in an account: see `READS`. */
  reads: readonly string[];
}

/** Clients that nobody uses any more are let go when there are so many others since. */
const MOST_KEPT = 100;

export type AccountClients = ReturnType<typeof accountsOf>;

export function accountsOf(settings: AccountsSettings) {
  const { own, partition, regionOf, sts, sessionName, externalId, reads } = settings;
  const roles = () => ({ client: sts(), partition, sessionName, externalId });
  const kept = new Map<string, Ended>();

  /** One that was just used is the last to go. */
  function keep<Client extends Ended>(name: string, make: () => Client): Client {
    const client = (kept.get(name) ?? make()) as Client;
    kept.delete(name);
    kept.set(name, client);
    const [oldest] = kept;
    if (oldest && kept.size > MOST_KEPT) {
      kept.delete(oldest[0]);
      oldest[1].destroy();
    }
    return client;
  }

  function clientFor<Client extends Ended>(
    { name, make }: Kind<Client>,
    account: string,
    about: string,
    purpose: () => Purpose,
  ): Client {
    if (account === own) return keep(name, make);
    return keep(`${name} ${account} ${about}`, () =>
      make({ credentials: sessionsOf(roles(), account, purpose()), region: regionOf(account) }),
    );
  }

  return {
    /** Reads whatever keyrotate reads in an account. */
    reading: <Client extends Ended>(kind: Kind<Client>, account: string): Client =>
      clientFor(kind, account, '', () => ({
        role: READ_ROLE,
        allows: [{ Action: reads, Resource: '*' }],
      })),

    /** Changes the keys of one IAM user, whatever its path: the name is its own in the account. */
    changingUser: <Client extends Ended>(kind: Kind<Client>, account: string, userName: string): Client =>
      clientFor(kind, account, `user ${userName}`, () => {
        const users = `arn:${partition}:iam::${account}:user/`;
        const Resource = [`${users}${userName}`, `${users}*/${userName}`];
        return { role: ACT_ROLE, allows: [{ Action: KEY_CHANGES, Resource }] };
      }),

    /** Changes one secret. */
    changingSecret: <Client extends Ended>(kind: Kind<Client>, account: string, path: string): Client =>
      clientFor(kind, account, `secret ${path}`, () => {
        const place = regionOf(account);
        const Resource = `arn:${partition}:secretsmanager:${place}:${account}:secret:${path}-??????`;
        return {
          role: ACT_ROLE,
          allows: [
            { Action: SECRET_CHANGES, Resource },
            // The role has no right on any KMS key. That of AWS's own key for secrets is the key's to give, and a session
            // whose policy does not name it might go without.
            { Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' },
          ],
        };
      }),
  };
}

export const KEY_CHANGES: readonly string[] = [
  'iam:CreateAccessKey',
  'iam:UpdateAccessKey',
  'iam:DeleteAccessKey',
];

export const SECRET_CHANGES: readonly string[] = [
  'secretsmanager:CreateSecret',
  'secretsmanager:PutSecretValue',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:UpdateSecretVersionStage',
  'secretsmanager:TagResource',
  'secretsmanager:RestoreSecret',
  'secretsmanager:DeleteSecret',
];

/** What each function reads in other accounts. */
export const READS: { sweeper: readonly string[]; worker: readonly string[] } = {
  sweeper: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:GetAccountAuthorizationDetails'],
  worker: [
    'iam:GetAccountAuthorizationDetails',
    'iam:GetUser',
    'iam:ListAccessKeys',
    'iam:GetAccessKeyLastUsed',
    'iam:ListRoles',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecrets',
  ],
};
