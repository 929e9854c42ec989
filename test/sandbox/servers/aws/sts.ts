// AWS STS, as much as it takes to ask who one is.
import type { AwsService } from './service.ts';

/** GetCallerIdentity: "No permissions are required to perform this operation"; the backend sees to that. */
export function stsService(): AwsService {
  return {
    name: 'sts',
    protocol: 'query',
    actions: {
      GetCallerIdentity: (_input, caller) => ({
        UserId: caller.userId,
        Account: caller.account,
        Arn: caller.arn,
      }),
    },
  };
}
