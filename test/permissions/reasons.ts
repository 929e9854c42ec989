// Why each function has each of its rights. A right without a reason here fails a test, and so does a reason without a right.
import type { FunctionName } from '../sandbox/deployment/serverless-file.ts';

export interface Reason {
  actions: string[];
  /** Where the same action stands for something else on other resources. */
  on?: RegExp;
  why: string;
  /** Why the resource is a pattern; undefined where it is named. */
  wide?: string;
  /** What it is used for, where what happened to use it in the scenes says nothing. */
  usedFor?: string;
}

const OWN_LOG: Reason = {
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  why: 'Write its own log.',
  wide: 'the streams of its own log group',
};

const POLL: Reason = {
  actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  on: /(?<!-dead|-dead\.fifo)$/,
  why: 'Lambda takes its jobs off the queue in its name.',
};

const COME_BACK: Reason = {
  actions: ['sqs:ChangeMessageVisibility'],
  why: 'Let a job that cannot be done yet come back sooner or later than its queue would.',
  usedFor: 'jobs that wait for the credential report, for Slack, or for AWS',
};

const SLACK_SECRET: Omit<Reason, 'why'> = {
  actions: ['secretsmanager:GetSecretValue'],
  wide: "the six characters in which AWS ends a secret's ARN",
  usedFor:
    'every start of a container, and every ten minutes; also where a signature fits none, twice a minute at most',
};

/** "Actions, resources, and condition keys for AWS Identity and Access Management": the column of resource types is empty. */
const NO_RESOURCE = 'IAM knows no resource for it';
const ANY_USER = 'users come and go';
const ANY_UNPROTECTED = `${ANY_USER}; those under the protected path are denied below`;
const ANY_SECRET = 'one secret per IAM user, under the prefix';

const ROLE_OF_ANY =
  'the role of that name in any account: whom it lets in is for its own account to say, and a list of accounts outgrows a policy';

export const REASONS: Record<FunctionName, Reason[]> = {
  slack: [
    OWN_LOG,
    {
      ...SLACK_SECRET,
      why: 'Check that requests come from Slack, and open forms there.',
    },
    { actions: ['sqs:SendMessage'], why: 'Hand presses, forms and commands to the worker.' },
  ],
  scheduler: [
    OWN_LOG,
    { actions: ['dynamodb:Query'], why: 'Find what has come due.' },
    {
      actions: ['sqs:SendMessage'],
      on: /(?<!-dead)$/,
      why: 'Queue what has come due, the sweep and the summary.',
    },
    {
      actions: ['sqs:SendMessage'],
      on: /-dead$/,
      why: 'Lambda keeps, in its name, what it was started for and failed at.',
    },
  ],
  sweeper: [
    OWN_LOG,
    POLL,
    COME_BACK,
    {
      actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'],
      why: 'Find keys nearing their age. The report names no key.',
      wide: NO_RESOURCE,
    },
    {
      actions: ['iam:GetAccountAuthorizationDetails'],
      why: 'Tell whether users are as they are on record, by their tags and ids. What it says of policies is not kept.',
      wide: NO_RESOURCE,
    },
    {
      actions: ['iam:ListRoles'],
      why: 'See whether another deployment was there first: two would write to owners twice.',
      wide: NO_RESOURCE,
    },
    {
      actions: ['sts:AssumeRole'],
      why: 'Read another account that `ACCOUNTS` names.',
      wide: ROLE_OF_ANY,
    },
    { actions: ['dynamodb:Query'], why: 'Look again at IAM users with a rotation under way.' },
    { actions: ['sqs:SendMessage'], why: 'Ask the worker to look at each of them.' },
  ],
  worker: [
    OWN_LOG,
    POLL,
    COME_BACK,
    { ...SLACK_SECRET, why: 'Write to people in Slack, and check that presses are signed by Slack.' },
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      why: 'Remember each IAM user, rotation and owner, and how keys are used.',
    },
    {
      actions: ['dynamodb:Query'],
      why: 'Read the last sweep and summary; the IAM users of an owner; those of the account, open or closed; what has come due.',
    },
    {
      actions: ['sqs:SendMessage'],
      why: 'Ask the sweeper for a sweep that an admin wants or that did not come, itself to remind owners and to look at a renamed user; put back what was given up.',
    },
    {
      actions: ['sqs:GetQueueAttributes'],
      on: /-dead(\.fifo)?$/,
      why: 'Tell admins when a job was given up, and how many are put back.',
    },
    {
      actions: ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
      on: /-dead(\.fifo)?$/,
      why: 'Have SQS put back what was given up, when an admin asks for it. SQS takes the second and the third from whoever asks for the first.',
    },
    {
      actions: ['sqs:ListMessageMoveTasks'],
      why: 'See what is being put back, so that nothing is started twice and all of it is told.',
    },
    {
      actions: ['sqs:PurgeQueue'],
      why: 'Let go of what the schedules set off in vain, and what has come anew by itself.',
    },
    {
      actions: ['iam:GetUser', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
      why: 'See whose user it is, which keys there are and when they were used, before each step.',
      wide: ANY_USER,
    },
    {
      actions: ['iam:GetAccountAuthorizationDetails'],
      why: "Find somebody's IAM users, and a renamed one by its id: no other call lists users with tags.",
      wide: NO_RESOURCE,
    },
    {
      actions: ['iam:ListRoles'],
      why: 'Tell admins that a role of `SECRET_READERS` does not exist, before somebody needs it; and write to no owner where another deployment does.',
      wide: NO_RESOURCE,
    },
    {
      actions: ['sts:AssumeRole'],
      on: /-read$/,
      why: 'Read another account that `ACCOUNTS` names.',
      wide: ROLE_OF_ANY,
    },
    {
      actions: ['sts:AssumeRole'],
      on: /-act$/,
      why: 'Change keys and secrets in another account, each session one IAM user or one secret.',
      wide: ROLE_OF_ANY,
    },
    {
      actions: ['kms:DescribeKey'],
      why: 'Tell admins that the key of `SECRET_KMS_KEY_ID` cannot encrypt, before somebody presses.',
    },
    {
      actions: ['secretsmanager:ListSecrets'],
      why: 'Find every secret that keyrotate has stored, by its name alone: of users that were renamed or are gone the record may know nothing. It shows no secret.',
      wide: 'Secrets Manager knows no resource for it',
    },
    {
      actions: ['secretsmanager:DescribeSecret'],
      why: "See which keys' secrets are stored and on which day somebody opened them. It shows no secret.",
      wide: ANY_SECRET,
    },
    { actions: ['iam:CreateAccessKey'], why: 'Make the new key.', wide: ANY_UNPROTECTED },
    { actions: ['iam:UpdateAccessKey'], why: 'Turn a key off, and back on.', wide: ANY_UNPROTECTED },
    {
      actions: ['iam:DeleteAccessKey'],
      why: 'Delete what somebody asked to delete, and a new key whose secret could not be stored.',
      wide: ANY_UNPROTECTED,
    },
    {
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      why: "Make the IAM user's secret, tagged with whose it is and whom its policy is for.",
      wide: ANY_SECRET,
    },
    {
      actions: ['secretsmanager:PutResourcePolicy'],
      why: 'Close the secret to everybody but that IAM user and the readers, before anything is in it, and when the readers have changed.',
      wide: ANY_SECRET,
    },
    {
      actions: ['secretsmanager:PutSecretValue'],
      why: "Store the new key's secret.",
      wide: ANY_SECRET,
    },
    {
      actions: ['secretsmanager:UpdateSecretVersionStage'],
      why: 'Take the labels of keys long gone off a secret: AWS allows twenty.',
      wide: ANY_SECRET,
    },
    {
      actions: ['secretsmanager:DeleteSecret'],
      why: 'Schedule the deletion of secrets of IAM users that are gone, when an admin asks for it. AWS keeps each for 30 days: without that window the call is refused.',
      wide: ANY_SECRET,
    },
    {
      actions: ['secretsmanager:RestoreSecret'],
      why: "Take back a scheduled deletion before a new key's secret is stored.",
      wide: ANY_SECRET,
    },
    {
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      why: 'Secrets Manager encrypts in its name. It cannot use the key by itself (`kms:ViaService`).',
    },
  ],
};

/** What is denied outright, whatever else may be granted later, here or by somebody else. */
export const DENIALS: Partial<Record<FunctionName, Omit<Reason, 'usedFor'>[]>> = {
  worker: [
    {
      actions: ['secretsmanager:GetSecretValue'],
      why: "It writes keys' secrets and never reads one back.",
      wide: ANY_SECRET,
    },
    {
      actions: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
      why: 'Users whose keys would make somebody an administrator are put under this path (`PROTECTED_USERS`), and rotated by hand.',
      wide: 'every user under the path',
    },
  ],
};
