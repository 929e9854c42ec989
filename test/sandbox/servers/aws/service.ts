// What an emulated AWS service is to the backend that fronts them all: a protocol and a table of actions.
import type { Call } from '../wire.ts';

/** Who signed a request. Roles are temporary credentials of a Lambda function or of a person. */
export interface Caller {
  kind: 'user' | 'role';
  accessKeyId: string;
  account: string;
  /** `arn:aws:iam::…:user/ci-deploy`, or `arn:aws:sts::…:assumed-role/worker/session`. */
  arn: string;
  /** What `aws:PrincipalArn` holds: the user's ARN, or the role's (not the session's). */
  principalArn: string;
  /** What `aws:userid` holds: `AIDA…`, or `AROA…:session`. */
  userId: string;
  /** What `aws:PrincipalOrgID` holds, where the account is of an organisation. */
  orgId?: string;
}

/** One action: decoded parameters in, the output members out. Throws AwsError for every documented error. */
export type Action = (input: Record<string, unknown>, caller: Caller) => Record<string, unknown>;

export interface AwsService {
  /** The credential scope's name: iam, secretsmanager, sqs. */
  name: string;
  protocol: 'query' | 'json-1.0' | 'json-1.1';
  /** Where what it holds lies; undefined for what is the same in every region. */
  region?: string;
  actions: Record<string, Action>;
  /** The ARN a call acts on: for the record of who used what, and for the policies that decide. */
  resource?(call: Pick<Call, 'action' | 'input'>): string | undefined;
  /** What conditions can ask about a call, beside who makes it. */
  context?(call: Pick<Call, 'action' | 'input'>): Record<string, string>;
  /** What a call takes besides the permission for its own action on its own resource. */
  alsoTakes?(call: Pick<Call, 'action' | 'input'>): Permission[];
  /** What no policy allows or denies. */
  isFree?(call: Pick<Call, 'action'>): boolean;
  /** The policy attached to the resource itself, where it has one; by its ARN. */
  resourcePolicy?(resource: string): PolicyDocument | undefined;
}

/** One action on one resource. */
export interface Permission {
  /** `secretsmanager:GetSecretValue` */
  action: string;
  /** The ARN acted on; `*` where the action has none. */
  resource: string;
  /** The service that acts in the caller's name, as `kms:ViaService` holds it. */
  viaService?: string;
  /** The service's own condition keys, in small letters. */
  context?: Record<string, string>;
}

/** An IAM policy, identity- or resource-based, as JSON. */
export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | { AWS: string | string[] };
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** An error as the service words it. `code` is the documented one, as the SDK's `error.name` will show it. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
