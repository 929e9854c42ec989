// AWS Secrets Manager as the backend sees it: the table of actions, and whom and what a call concerns.
import type { Clock } from '../../clock.ts';
import { SECRET_ACTIONS } from './secret-actions.ts';
import type { ResolvePrincipal } from './secret-policy.ts';
import { arnOf, findSecret, type Secret, type SecretStore } from './secret-store.ts';
import type { Action, AwsService, Permission } from './service.ts';

export interface SecretsManager extends AwsService {
  /** For tests to look at; calls go through `actions`. */
  state: { secrets: Map<string, Secret> };
}

export function secretsManagerService(
  clock: Clock,
  place: { account: string; region: string; resolvePrincipal: ResolvePrincipal },
): SecretsManager {
  const store: SecretStore = { clock, ...place, secrets: new Map() };
  const actions = Object.fromEntries(
    Object.entries(SECRET_ACTIONS).map(([name, act]): [string, Action] => [
      name,
      (input) => act(store, input),
    ]),
  );
  return {
    name: 'secretsmanager',
    protocol: 'json-1.1',
    region: place.region,
    actions,
    state: { secrets: store.secrets },
    resource: ({ input }) => resourceOf(store, input),
    context: contextOf,
    alsoTakes: (call) => alsoTakes(store, call),
    resourcePolicy: (resource) => findSecret(store, resource)?.policy,
  };
}

/** "Condition keys for AWS Secrets Manager": a parameter that was not given is no key. */
function contextOf({ input }: Asked): Record<string, string> {
  const days = input.RecoveryWindowInDays;
  return days === undefined ? {} : { 'secretsmanager:recoverywindowindays': String(days) };
}

type Asked = Parameters<NonNullable<AwsService['alsoTakes']>>[0];

function resourceOf(store: SecretStore, { SecretId, Name }: Asked['input']): string | undefined {
  const id = SecretId ?? Name;
  if (typeof id !== 'string') return undefined;
  if (id.startsWith('arn:')) return id;
  // Nobody knows the suffix of a secret to come: policies match it with `-??????` or `*` (User Guide, "IAM policy examples").
  return findSecret(store, id)?.arn ?? arnOf(store, id, '??????');
}

/**
 * User Guide, "How Secrets Manager uses AWS KMS": which operations on the key a call makes, in the caller's name. With a
 * key chosen for a new secret it tries both, to see whether the caller may.
 */
const ENCRYPTION: Record<string, string[]> = {
  CreateSecret: ['kms:GenerateDataKey', 'kms:Decrypt'],
  PutSecretValue: ['kms:GenerateDataKey', 'kms:Decrypt'],
  GetSecretValue: ['kms:Decrypt'],
};

/** CreateSecret: "if you include tags in the secret, you also need `secretsmanager:TagResource`". AWS's own key is everybody's. */
function alsoTakes(store: SecretStore, { action, input }: Asked): Permission[] {
  const viaService = `secretsmanager.${store.region}.amazonaws.com`;
  const key = findSecret(store, input.SecretId)?.kmsKeyId ?? input.KmsKeyId;
  const tags = action === 'CreateSecret' && input.Tags ? ['secretsmanager:TagResource'] : [];
  const encryption = typeof key === 'string' ? (ENCRYPTION[action] ?? []) : [];
  return [
    ...tags.map((action) => ({ action, resource: resourceOf(store, input) ?? '*' })),
    ...encryption.map((action) => ({ action, resource: String(key), viaService })),
  ];
}
