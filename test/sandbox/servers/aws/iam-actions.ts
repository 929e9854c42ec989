// The actions of IAM that the bot needs; parameters and outputs as in the API reference.
import { unemulated } from './conditions.ts';
import { accessKeyId, type Input, keyStatus, page, refuseMoreThanUsers, userName } from './iam-input.ts';
import { credentialReport } from './iam-report.ts';
import {
  type IamKey,
  type IamRole,
  type IamStore,
  type IamUser,
  noSuchUser,
  ownerOf,
  shownUser,
  shownUsers,
  theUser,
} from './iam-state.ts';
import { addKey, deleteKey, setKeyStatus } from './iam-writes.ts';
import { type Action, AwsError, type Caller } from './service.ts';

export function userActions(store: IamStore): Record<string, Action> {
  return {
    GetAccountAuthorizationDetails(input) {
      refuseMoreThanUsers(input);
      const { items, paging } = page(input, shownUsers(store), ({ userName: name }) => name.toLowerCase());
      return { UserDetailList: items.map(userOutput), ...paging };
    },
    ListUsers(input) {
      if (input.PathPrefix !== undefined) throw unemulated('PathPrefix');
      const { items, paging } = page(input, shownUsers(store), ({ userName: name }) => name.toLowerCase());
      // Without their tags.
      return { Users: items.map((user) => ({ ...userOutput(user), Tags: undefined })), ...paging };
    },
    GetUser: (input) => ({ User: userOutput(readUser(store, input)) }),
  };
}

export function roleActions(store: IamStore): Record<string, Action> {
  return {
    GetRole({ RoleName }) {
      const role = store.state.roles.get(String(RoleName));
      if (!role) throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
      return { Role: roleOutput(role) };
    },
    ListRoles(input) {
      const prefix = String(input.PathPrefix ?? '/');
      const roles = [...store.state.roles.values()].filter(({ path }) => path.startsWith(prefix));
      const { items, paging } = page(input, roles, ({ arn }) => arn);
      return { Roles: items.map(roleOutput), ...paging };
    },
  };
}

function roleOutput({ path, roleName, roleId, description, arn, createdAt }: IamRole) {
  const named = { Path: path, RoleName: roleName, RoleId: roleId, Arn: arn };
  return { ...named, Description: description, CreateDate: new Date(createdAt) };
}

export function keyActions(store: IamStore): Record<string, Action> {
  return {
    ListAccessKeys(input) {
      const user = readUser(store, input);
      // No order is promised: by id is one that has nothing to do with age.
      const { items, paging } = page(input, user.keys, ({ id }) => id);
      return { AccessKeyMetadata: items.map((key) => keyOutput(user, key)), ...paging };
    },
    CreateAccessKey(input) {
      const name = userName(input);
      const key = addKey(store, name);
      return { AccessKey: { ...keyOutput(theUser(store, name), key), SecretAccessKey: key.secret } };
    },
    UpdateAccessKey(input) {
      setKeyStatus(store, userName(input), accessKeyId(input), keyStatus(input));
      return {};
    },
    DeleteAccessKey(input) {
      deleteKey(store, userName(input), accessKeyId(input));
      return {};
    },
    GetAccessKeyLastUsed: (input, caller) => lastUsed(store, input, caller),
  };
}

function lastUsed(store: IamStore, input: Input, caller: Caller): Record<string, unknown> {
  const id = accessKeyId(input);
  const owner = ownerOf(store, id);
  const key = owner?.keys.find((one) => one.id === id);
  // The API reference names no NoSuchEntity here: a key that is not this account's is denied.
  if (!owner || !key)
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${id}`,
      403,
    );
  // AccessKeyLastUsed: no date and N/A twice for a key that was never used.
  const { at, service = 'N/A', region = 'N/A' } = key.lastUsed ?? {};
  const LastUsedDate = at === undefined ? undefined : new Date(at);
  return {
    UserName: owner.userName,
    AccessKeyLastUsed: { LastUsedDate, ServiceName: service, Region: region },
  };
}

export function reportActions(store: IamStore): Record<string, Action> {
  const report = credentialReport(store.clock, store.state);
  return { GenerateCredentialReport: () => report.generate(), GetCredentialReport: () => report.get() };
}

function readUser(store: IamStore, input: Input): IamUser {
  const name = userName(input);
  return shownUser(store, name) ?? noSuchUser(name);
}

function userOutput(user: IamUser) {
  const tags = Object.entries(user.tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    // Left out, not empty, when there are none.
    Tags: tags.length > 0 ? tags : undefined,
  };
}

function keyOutput(user: IamUser, key: IamKey) {
  return {
    UserName: user.userName,
    AccessKeyId: key.id,
    Status: key.status,
    CreateDate: new Date(key.createdAt),
  };
}
