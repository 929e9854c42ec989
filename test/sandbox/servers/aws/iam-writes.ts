// Every change to an account: by the API, in the console, or when a test sets its scene.
import {
  hideChange,
  type IamKey,
  type IamRole,
  type IamSession,
  type IamStore,
  type IamUser,
  type KeyUse,
  noteChange,
  theKey,
  theUser,
  userArn,
} from './iam-state.ts';
import { AwsError, type PolicyDocument, type PolicyStatement } from './service.ts';

export interface NewUser {
  path?: string;
  createdAt?: number;
  tags?: Record<string, string>;
  policies?: PolicyStatement[];
}

export interface NewKey {
  createdAt?: number;
  status?: IamKey['status'];
  lastUsed?: KeyUse;
}

export function addUser(store: IamStore, userName: string, given: NewUser = {}): IamUser {
  const { state, clock } = store;
  const name = userName.toLowerCase();
  if (state.users.has(name)) throw nameIsTaken(userName);
  const { path = '/', createdAt = clock.now(), tags = {}, policies = [] } = given;
  const user: IamUser = {
    userName,
    userId: store.newId('AIDA', 21),
    path,
    arn: userArn(state, path, userName),
    createdAt,
    tags,
    keys: [],
    policies,
  };
  hideChange(store, userName);
  state.users.set(name, user);
  return user;
}

function nameIsTaken(userName: string): AwsError {
  return new AwsError('EntityAlreadyExists', `User with name ${userName} already exists.`, 409);
}

/** IAM User Guide, "Rename an IAM user": its unique id, policies, tags and keys stay. */
export function updateUser(
  store: IamStore,
  userName: string,
  change: { userName?: string; path?: string },
): void {
  const { state } = store;
  const user = theUser(store, userName);
  const { userName: newName = user.userName, path = user.path } = change;
  const [before, after] = [userName.toLowerCase(), newName.toLowerCase()];
  if (before !== after && state.users.has(after)) throw nameIsTaken(newName);
  for (const name of new Set([before, after])) hideChange(store, name);
  Object.assign(user, { userName: newName, path, arn: userArn(state, path, newName) });
  state.users.delete(before);
  state.users.set(after, user);
  for (const [keyId, owner] of state.keyOwners) if (owner === before) state.keyOwners.set(keyId, after);
}

/** "IAM and AWS STS quotas": two keys a user, inactive ones included. */
export function addKey(store: IamStore, userName: string, given: NewKey = {}): IamKey {
  const user = theUser(store, userName);
  const slot = ([1, 2] as const).find((free) => user.keys.every((key) => key.slot !== free));
  if (!slot) throw new AwsError('LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2', 409);
  const { createdAt = store.clock.now(), status = 'Active', lastUsed } = given;
  const key: IamKey = {
    id: store.newId('AKIA', 20),
    secret: store.newSecret(),
    status,
    slot,
    createdAt,
    lastChangedAt: createdAt,
    ...(lastUsed && { lastUsed }),
  };
  hideChange(store, userName);
  user.keys.push(key);
  store.state.keyOwners.set(key.id, userName.toLowerCase());
  noteChange(store, userName, key.id, { change: 'created' });
  return key;
}

export function setKeyStatus(
  store: IamStore,
  userName: string,
  keyId: string,
  status: IamKey['status'],
): void {
  const key = theKey(store, userName, keyId);
  if (key.status === status) return;
  hideChange(store, userName);
  const before = { status: key.status, lastChangedAt: key.lastChangedAt };
  key.status = status;
  key.lastChangedAt = store.clock.now();
  noteChange(store, userName, keyId, { change: status, before });
}

export function deleteKey(store: IamStore, userName: string, keyId: string): void {
  const key = theKey(store, userName, keyId);
  const user = theUser(store, userName);
  hideChange(store, userName);
  user.keys = user.keys.filter((other) => other !== key);
  store.state.deletedKeys.push(key);
  const { status, lastChangedAt } = key;
  noteChange(store, userName, keyId, { change: 'deleted', before: { status, lastChangedAt } });
}

export function tagUser(store: IamStore, userName: string, tags: Record<string, string>): void {
  const user = theUser(store, userName);
  const next = { ...user.tags, ...tags };
  if (Object.keys(next).length > 50)
    throw new AwsError('LimitExceeded', 'Cannot exceed quota for TagsPerUser: 50', 409);
  hideChange(store, userName);
  user.tags = next;
}

/** As the console does it: keys and all. */
export function deleteUser(store: IamStore, userName: string): void {
  const user = theUser(store, userName);
  hideChange(store, userName);
  store.state.deletedKeys.push(...user.keys);
  store.state.users.delete(userName.toLowerCase());
}

/** Somebody new under the old name: another unique id, no keys. The tags are the old ones unless others are given. */
export function recreateUser(store: IamStore, userName: string, newTags?: Record<string, string>): IamUser {
  const { path, tags, policies } = theUser(store, userName);
  deleteUser(store, userName);
  return addUser(store, userName, { path, tags: newTags ?? tags, policies });
}

export function addRole(
  store: IamStore,
  roleName: string,
  policies: PolicyStatement[],
  path = '/',
  description = '',
  trust?: PolicyDocument,
): IamRole {
  const { state } = store;
  if (state.roles.has(roleName)) throw new Error(`there is a role ${roleName} already`);
  const arn = `arn:aws:iam::${state.account}:role${path}${roleName}`;
  const createdAt = store.clock.now();
  const roleId = store.newId('AROA', 21);
  const role = { roleName, roleId, path, description, arn, createdAt, policies, ...(trust && { trust }) };
  state.roles.set(roleName, role);
  return role;
}

/** Its sessions end with it. */
export function deleteRole({ state }: IamStore, roleName: string): void {
  state.roles.delete(roleName);
}

/** Temporary credentials of a role. Without `expiresAt` they do not run out: a Lambda function always has fresh ones. */
export function addSession(
  store: IamStore,
  roleName: string,
  sessionName: string,
  narrowed: Pick<IamSession, 'policy' | 'expiresAt'> = {},
): IamSession['credentials'] {
  const role = store.state.roles.get(roleName);
  if (!role) throw new Error(`there is no role ${roleName}`);
  const credentials = {
    accessKeyId: store.newId('ASIA', 20),
    secretAccessKey: store.newSecret(),
    sessionToken: `${store.newSecret()}${store.newSecret()}`,
  };
  store.state.sessions.set(credentials.accessKeyId, { credentials, role, sessionName, ...narrowed });
  return credentials;
}
