// The parameters of IAM actions, checked as the API's model says.
import { AwsError } from './service.ts';

export type Input = Record<string, unknown>;

/** Existing users' names may have 128 characters in the model, new ones 64 (CreateUser). */
export function userName(input: Input, longest = 128): string {
  return matching(input, 'UserName', /^[\w+=,.@-]+$/, 1, longest);
}

export function accessKeyId(input: Input): string {
  return matching(input, 'AccessKeyId', /^\w+$/, 16, 128);
}

export function keyStatus(input: Input): 'Active' | 'Inactive' {
  const status = input.Status;
  if (status === 'Active' || status === 'Inactive') return status;
  return invalid('Status', status, 'Member must satisfy enum value set: [Active, Inactive]');
}

export function userPath(input: Input): string {
  return input.Path === undefined ? '/' : matching(input, 'Path', /^\/([!-~]*\/)?$/, 1, 512);
}

export function userTags(input: Input): Record<string, string> {
  const tags = (input.Tags ?? []) as Input[];
  return Object.fromEntries(
    tags.map((tag) => [matching(tag, 'Key', /./, 1, 128), matching(tag, 'Value', /^/, 0, 256)]),
  );
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
