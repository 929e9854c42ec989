// Who may read an IAM user's secret: that user, the configured readers, and nobody else, however powerful.

interface Statement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Principal: '*' | { AWS: string[] };
  Action: string | string[];
  Resource: '*';
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Those of other accounts could not use what they read: a secret of another account needs more than its policy. */
export function readersOf(account: string, readers: readonly string[]): string[] {
  return readers.filter((arn) => arn.split(':')[4] === account);
}

/**
 * The user is let in by ARN, which Secrets Manager stores as the unique id behind it, and everybody else is kept out
 * by `aws:userid`: so somebody recreated under the same name gets nothing. Conditions of one statement must all hold.
 * @param readers ARNs of roles of the user's own account.
 */
export function vaultPolicy(
  user: { userId: string; arn: string },
  readers: readonly string[],
): { Version: string; Statement: Statement[] } {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'UserAndReaders',
        Effect: 'Allow',
        Principal: { AWS: [user.arn, ...readers] },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*', // in a secret's policy: this secret
      },
      {
        Sid: 'NobodyElse',
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        Condition: {
          StringNotEquals: { 'aws:userid': user.userId },
          ...(readers.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': [...readers] } }),
        },
      },
    ],
  };
}
