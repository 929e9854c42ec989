// The parameters of IAM actions, checked as the API's model says.
import { unemulated } from './conditions.ts';
import { AwsError } from './service.ts';

export type Input = Record<string, unknown>;

export function userName(input: Input): string {
  return matching(input, 'UserName', /^[\w+=,.@-]+$/, 1, 128);
}

export function accessKeyId(input: Input): string {
  return matching(input, 'AccessKeyId', /^\w+$/, 16, 128);
}

export function keyStatus(input: Input): 'Active' | 'Inactive' {
  const status = input.Status;
  if (status === 'Active' || status === 'Inactive') return status;
  return invalid('Status', status, 'Member must satisfy enum value set: [Active, Inactive]');
}

const ENTITY_TYPES = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'];

/** GetAccountAuthorizationDetails: what is not filtered is everything, and users alone are known here. */
export function refuseMoreThanUsers({ Filter }: Input): void {
  const wanted = Array.isArray(Filter) ? Filter.map(String) : [];
  const unknown = wanted.find((type) => !ENTITY_TYPES.includes(type));
  if (unknown !== undefined)
    invalid('Filter', unknown, `Member must satisfy enum value set: [${ENTITY_TYPES.join(', ')}]`);
  if (wanted.join() !== 'User')
    throw unemulated(`GetAccountAuthorizationDetails of ${wanted.join() || 'all'}`);
}

/** One page of things in the order of their names: the marker is the last name of the page before. */
export function page<T>(input: Input, all: T[], nameOf: (item: T) => string) {
  const size = Number(input.MaxItems ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    invalid('MaxItems', input.MaxItems, 'Member must have value between 1 and 1000');
  const after = input.Marker === undefined ? '' : Buffer.from(`${input.Marker}`, 'base64url').toString();
  const rest = all
    .filter((item) => nameOf(item) > after)
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  const Marker = more ? Buffer.from(nameOf(last)).toString('base64url') : undefined;
  return { items, paging: { IsTruncated: more, Marker } };
}

function matching(input: Input, name: string, pattern: RegExp, min: number, max: number): string {
  const value = input[name];
  if (typeof value !== 'string') return invalid(name, value, 'Member must not be null');
  if (value.length < min) invalid(name, value, `Member must have length greater than or equal to ${min}`);
  if (value.length > max) invalid(name, value, `Member must have length less than or equal to ${max}`);
  if (!pattern.test(value))
    invalid(name, value, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

function invalid(name: string, value: unknown, constraint: string): never {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
