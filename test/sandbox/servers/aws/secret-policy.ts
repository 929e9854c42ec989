// Reads the resource policy of a secret the way PutResourcePolicy does: well-formed, about existing principals, not public.
import { unemulated } from './conditions.ts';
import { pinPrincipals } from './iam-policy.ts';
import { AwsError, type PolicyDocument, type PolicyStatement } from './service.ts';

/** The unique id of the user or role with this ARN; undefined when there is none. */
export type ResolvePrincipal = (arn: string) => string | undefined;

/**
 * The policy with principals by unique id, as it is evaluated.
 * @param text the policy as JSON. @param blockPublic refuses a policy that lets anybody in.
 */
export function storePolicy(text: string, blockPublic: boolean, resolve: ResolvePrincipal): PolicyDocument {
  const policy = parse(text);
  const document = pinPrincipals(policy, resolve);
  if (blockPublic && policy.Statement.some(isPublic))
    throw new AwsError(
      'PublicPolicyException',
      'The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.',
    );
  return document;
}

function parse(text: string): PolicyDocument {
  let policy: { Statement?: PolicyStatement | PolicyStatement[] };
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const statements = [policy?.Statement ?? []].flat();
  if (statements.length === 0) throw malformed('This policy has no statement.');
  for (const statement of statements) refuseIncomplete(statement);
  return { ...policy, Statement: statements };
}

/** "JSON policy elements reference": what a statement of a resource policy cannot do without. */
function refuseIncomplete(statement: PolicyStatement): void {
  for (const element of Object.keys(statement)) if (element.startsWith('Not')) throw unemulated(element);
  if (!['Allow', 'Deny'].includes(statement.Effect)) throw malformed('Effect must be Allow or Deny.');
  for (const element of ['Principal', 'Action', 'Resource'] as const)
    if (!statement[element]) throw malformed(`A statement has no ${element}.`);
  const actions = [statement.Action].flat();
  if (!actions.every((action) => action === '*' || action.startsWith('secretsmanager:')))
    throw malformed('A statement names an action of another service.');
}

/**
 * What narrows a wildcard principal, when compared with a fixed value (Secrets Manager User Guide, "Managing a
 * resource-based policy", and the Amazon S3 User Guide it refers to, "The meaning of public").
 */
const NARROWING = [
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceaccount',
  'aws:sourceip',
  'aws:userid',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
];

function isPublic({ Effect, Principal, Condition = {} }: PolicyStatement): boolean {
  const named = typeof Principal === 'object' ? [Principal.AWS].flat() : [Principal];
  if (Effect === 'Deny' || !named.includes('*')) return false;
  return !Object.entries(Condition).some(
    ([operator, keys]) =>
      /^(String(Equals|Like)|Arn(Equals|Like)|IpAddress)$/.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          NARROWING.includes(key.toLowerCase()) && [values].flat().every((value) => !/[*?]/.test(value)),
      ),
  );
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message);
}
