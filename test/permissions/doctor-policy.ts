// What whoever runs `npm run doctor` must be allowed. The doctor's own test finds every one of these calls, and no other.
const arn = (service: string, rest: string) => `arn:aws:${service}:<region>:<account>:${rest}`;

const GRANTS = [
  {
    Sid: 'Account',
    Action: [
      'cloudformation:ListStackResources',
      'iam:GenerateCredentialReport',
      'iam:GetCredentialReport',
      'iam:ListRoles',
      'iam:ListUsers',
    ],
    Resource: ['*'],
  },
  {
    Sid: 'Settings',
    Action: ['dynamodb:DescribeTable', 'kms:DescribeKey', 'sns:GetTopicAttributes'],
    Resource: [arn('dynamodb', 'table/<TABLE_NAME>'), '<SECRET_KMS_KEY_ID>', '<ALARM_TOPIC>'],
  },
  {
    Sid: 'Slack',
    Action: ['secretsmanager:GetSecretValue'],
    Resource: [arn('secretsmanager', 'secret:<SLACK_SECRET_ID>-??????')],
  },
  {
    Sid: 'Table',
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource: [
      arn('dynamodb', 'table/keyrotate-<stage>-*'),
      arn('dynamodb', 'table/keyrotate-<stage>-*/index/*'),
      arn('dynamodb', 'table/<TABLE_NAME>'),
      arn('dynamodb', 'table/<TABLE_NAME>/index/*'),
    ],
  },
  {
    Sid: 'Schedules',
    Action: ['scheduler:GetSchedule'],
    Resource: [arn('scheduler', 'schedule/default/keyrotate-<stage>-*')],
  },
  { Sid: 'Queues', Action: ['sqs:GetQueueAttributes'], Resource: [arn('sqs', 'keyrotate-<stage>-*')] },
];

export const DOCTORS_ACTIONS = GRANTS.flatMap(({ Action }) => Action).sort();

export function doctorPolicy() {
  return {
    Version: '2012-10-17',
    Statement: GRANTS.map(({ Sid, ...grant }) => ({ Sid, Effect: 'Allow', ...grant })),
  };
}
