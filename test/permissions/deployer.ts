// What whoever deploys must be allowed: the calls of the Serverless Framework, and those that CloudFormation makes in the
// deployer's name for each type of resource, as its schema of that type lists them.

export interface Grant {
  Sid: string;
  /** Types of resources in the compiled template; FRAMEWORK where it calls AWS itself. */
  serves: string[];
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string[]>>;
}

export const FRAMEWORK = 'Serverless Framework';

const arn = (service: string, rest: string) => `arn:aws:${service}:<region>:<account>:${rest}`;
const NAMED = 'keyrotate-<stage>-*';
const ROLES = [
  ...[NAMED, 'keyrotate/<stage>/*', 'keyrotate-sweeper/<stage>/*'].map(
    (name) => `arn:aws:iam::<account>:role/${name}`,
  ),
];
const FUNCTIONS = arn('lambda', `function:${NAMED}`);
const MAPPINGS = arn('lambda', 'event-source-mapping:*');
const BUCKET = `arn:aws:s3:::${NAMED}`;
const APIS = 'arn:aws:apigateway:<region>::';

export const DEPLOYER: Grant[] = [
  {
    Sid: 'Stack',
    serves: [FRAMEWORK],
    Action: [
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:DeleteStack',
      'cloudformation:DescribeChangeSet',
      'cloudformation:DescribeStackEvents',
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStacks',
      'cloudformation:ExecuteChangeSet',
      'cloudformation:GetTemplate',
      'cloudformation:ListStackResources',
      'cloudformation:TagResource',
    ],
    Resource: [arn('cloudformation', 'stack/keyrotate-<stage>/*')],
  },
  {
    Sid: 'KnowNoResource',
    serves: [FRAMEWORK, 'AWS::CloudWatch::Alarm', 'AWS::Logs::LogGroup'],
    Action: [
      'cloudformation:ListExports',
      'cloudformation:ValidateTemplate',
      'cloudwatch:DescribeAlarms',
      'dynamodb:ListTables',
      'logs:DescribeLogGroups',
    ],
    Resource: ['*'],
  },
  {
    Sid: 'Packages',
    serves: [FRAMEWORK, 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
    Action: [
      's3:CreateBucket',
      's3:DeleteBucket',
      's3:DeleteBucketPolicy',
      's3:DeleteObject',
      's3:GetBucketPolicy',
      's3:GetBucketTagging',
      's3:GetEncryptionConfiguration',
      's3:GetObject',
      's3:ListBucket',
      's3:PutBucketPolicy',
      's3:PutBucketTagging',
      's3:PutEncryptionConfiguration',
      's3:PutObject',
    ],
    Resource: [BUCKET],
  },
  {
    Sid: 'Logs',
    serves: [FRAMEWORK, 'AWS::Logs::LogGroup'],
    Action: [
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:DeleteRetentionPolicy',
      'logs:DescribeSubscriptionFilters',
      'logs:GetDataProtectionPolicy',
      'logs:ListTagsForResource',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:UntagResource',
    ],
    Resource: [arn('logs', `log-group:/aws/lambda/${NAMED}`)],
  },
  {
    Sid: 'Functions',
    serves: [FRAMEWORK, 'AWS::Lambda::Function', 'AWS::Lambda::Permission'],
    Action: [
      'lambda:AddPermission',
      'lambda:CreateFunction',
      'lambda:DeleteFunction',
      'lambda:GetFunction',
      'lambda:GetFunctionCodeSigningConfig',
      'lambda:GetFunctionConfiguration',
      'lambda:GetFunctionRecursionConfig',
      'lambda:GetPolicy',
      'lambda:GetRuntimeManagementConfig',
      'lambda:ListTags',
      'lambda:RemovePermission',
      'lambda:TagResource',
      'lambda:UntagResource',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
    ],
    Resource: [FUNCTIONS],
  },
  {
    Sid: 'Wake',
    serves: ['AWS::Lambda::EventSourceMapping'],
    Action: [
      'lambda:CreateEventSourceMapping',
      'lambda:DeleteEventSourceMapping',
      'lambda:UpdateEventSourceMapping',
    ],
    Resource: ['*'],
    Condition: { ArnLike: { 'lambda:FunctionArn': [FUNCTIONS] } },
  },
  {
    Sid: 'WakeRead',
    serves: ['AWS::Lambda::EventSourceMapping'],
    Action: ['lambda:GetEventSourceMapping', 'lambda:ListTags', 'lambda:TagResource', 'lambda:UntagResource'],
    Resource: [MAPPINGS],
  },
  {
    Sid: 'Schedules',
    serves: ['AWS::Scheduler::Schedule'],
    Action: [
      'scheduler:CreateSchedule',
      'scheduler:DeleteSchedule',
      'scheduler:GetSchedule',
      'scheduler:UpdateSchedule',
    ],
    Resource: [arn('scheduler', `schedule/default/${NAMED}`)],
  },
  {
    Sid: 'Queues',
    serves: ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
    Action: [
      'sqs:CreateQueue',
      'sqs:DeleteQueue',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListQueueTags',
      'sqs:SetQueueAttributes',
      'sqs:TagQueue',
      'sqs:UntagQueue',
    ],
    Resource: [arn('sqs', NAMED)],
  },
  {
    Sid: 'Table',
    serves: ['AWS::DynamoDB::Table'],
    Action: [
      'dynamodb:CreateTable',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetResourcePolicy',
      'dynamodb:ListTagsOfResource',
      'dynamodb:TagResource',
      'dynamodb:UntagResource',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:UpdateTable',
      'dynamodb:UpdateTimeToLive',
    ],
    Resource: [arn('dynamodb', `table/${NAMED}`)],
  },
  {
    Sid: 'Roles',
    serves: ['AWS::IAM::Policy', 'AWS::IAM::Role'],
    Action: [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:DeleteRolePolicy',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:PutRolePolicy',
      'iam:TagRole',
      'iam:UntagRole',
      'iam:UpdateAssumeRolePolicy',
      // The mode stands in the worker's description.
      'iam:UpdateRole',
      'iam:UpdateRoleDescription',
    ],
    Resource: ROLES,
  },
  {
    Sid: 'HandRolesOver',
    serves: ['AWS::Lambda::Function', 'AWS::Scheduler::Schedule'],
    Action: ['iam:PassRole'],
    Resource: ROLES,
    Condition: {
      StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
    },
  },
  {
    Sid: 'Endpoint',
    serves: [
      FRAMEWORK,
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
    ],
    Action: ['apigateway:DELETE', 'apigateway:GET', 'apigateway:PATCH', 'apigateway:POST', 'apigateway:PUT'],
    Resource: [`${APIS}/apis`, `${APIS}/apis/*`, `${APIS}/tags/*`],
  },
  {
    Sid: 'Alarms',
    serves: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
    Action: [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:ListTagsForResource',
      'cloudwatch:PutCompositeAlarm',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
    Resource: [arn('cloudwatch', `alarm:${NAMED}`)],
  },
  {
    Sid: 'Dashboard',
    serves: ['AWS::CloudWatch::Dashboard'],
    Action: ['cloudwatch:DeleteDashboards', 'cloudwatch:GetDashboard', 'cloudwatch:PutDashboard'],
    // Dashboards belong to no region.
    Resource: ['arn:aws:cloudwatch::<account>:dashboard/keyrotate-<stage>'],
  },
];

/** As AWS takes it. */
export function deployerPolicy() {
  const Statement = DEPLOYER.map(({ serves: _, Sid, ...grant }) => ({ Sid, Effect: 'Allow', ...grant }));
  return { Version: '2012-10-17', Statement };
}
