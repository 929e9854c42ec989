// AWS Secrets Manager as the backend sees it: the table of actions, and whom and what a call concerns.
import type { Clock } from '../clock.ts';
import { SECRET_ACTIONS } from './secret-actions.ts';
import type { ResolvePrincipal } from './secret-policy.ts';
import { arnOf, findSecret, type Secret, type SecretStore } from './secret-store.ts';
import type { Action, AwsService } from './service.ts';

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
    actions,
    state: { secrets: store.secrets },
    resource({ input }) {
      const id = input.SecretId ?? input.Name;
      if (typeof id !== 'string') return undefined;
      if (id.startsWith('arn:')) return id;
      // Nobody knows the suffix of a secret to come: policies match it with `-??????` or `*` (User Guide, "IAM policy examples").
      return findSecret(store, id)?.arn ?? arnOf(store, id, '??????');
    },
    resourcePolicy: ({ input }) => findSecret(store, input.SecretId)?.policy?.document,
  };
}
