// The actions of IAM that the bot, its people and its sandbox need; parameters and outputs as in the API reference.

import {
  accessKeyId,
  type Input,
  keyStatus,
  newPlace,
  page,
  refuseMoreThanUsers,
  userName,
  userPath,
  userTags,
} from './iam-input.ts';
import { credentialReport } from './iam-report.ts';
import {
  type IamKey,
  type IamStore,
  type IamUser,
  noSuchUser,
  ownerOf,
  shownUser,
  shownUsers,
  theUser,
} from './iam-state.ts';
import { addKey, addUser, deleteKey, deleteUser, setKeyStatus, tagUser, updateUser } from './iam-writes.ts';
import { type Action, AwsError, type Caller } from './service.ts';

export function userActions(store: IamStore): Record<string, Action> {
  return {
    ListUsers(input) {
      const under = String(input.PathPrefix ?? '/');
      const users = shownUsers(store).filter(({ path }) => path.startsWith(under));
      const { items, paging } = page(input, users, nameOf);
      // ListUsers: "this operation does not return ... PermissionsBoundary, Tags".
      return { Users: items.map(userOutput), ...paging };
    },
    GetAccountAuthorizationDetails(input) {
      refuseMoreThanUsers(input);
      const { items, paging } = page(input, shownUsers(store), nameOf);
      return { UserDetailList: items.map(taggedOutput), ...paging };
    },
    GetUser: (input) => ({ User: taggedOutput(readUser(store, input)) }),
    ListUserTags(input) {
      const { items, paging } = page(input, tagsOutput(readUser(store, input)) ?? [], ({ Key }) => Key);
      return { Tags: items, ...paging };
    },
    TagUser(input) {
      tagUser(store, userName(input), userTags(input));
      return {};
    },
    CreateUser(input) {
      const user = addUser(store, userName(input, 64), { path: userPath(input), tags: userTags(input) });
      return { User: taggedOutput(user) };
    },
    UpdateUser(input) {
      updateUser(store, userName(input), newPlace(input));
      return {};
    },
    DeleteUser(input) {
      const name = userName(input);
      if (theUser(store, name).keys.length > 0)
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete access keys first.', 409);
      deleteUser(store, name);
      return {};
    },
  };
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
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
  };
}

function taggedOutput(user: IamUser) {
  return { ...userOutput(user), Tags: tagsOutput(user) };
}

function nameOf({ userName: name }: IamUser): string {
  return name.toLowerCase();
}

/** Left out, not empty, when there are none. */
function tagsOutput({ tags }: IamUser): { Key: string; Value: string }[] | undefined {
  const all = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return all.length > 0 ? all : undefined;
}

function keyOutput(user: IamUser, key: IamKey) {
  return {
    UserName: user.userName,
    AccessKeyId: key.id,
    Status: key.status,
    CreateDate: new Date(key.createdAt),
  };
}
