// Puts together what reaches AWS's accounts. In a file of its own, so that who works in none does not carry a client of STS's.
import { STSClient } from '@aws-sdk/client-sts';
import { type AccountClients, accountsOf } from '../adapters/aws/accounts.ts';
import { AWS_CALL } from './compose.ts';
import { type Config, partitionOf } from './config.ts';

/** `reads`: see READS. */
export function composeAccounts(config: Config, reads: readonly string[]): AccountClients {
  const { account: own, region, externalId, functionName: sessionName, accounts } = config;
  let sts: STSClient | undefined;
  return accountsOf({
    ...{ own, partition: partitionOf(region) ?? 'aws', externalId, sessionName, reads },
    regionOf: (account) => accounts.get(account)?.region ?? region,
    sts: () => {
      sts ??= new STSClient(AWS_CALL);
      return sts;
    },
  });
}
