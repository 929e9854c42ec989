// The access keys of one account's IAM users, over the IAM API.
import {
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  type GetAccessKeyLastUsedCommandOutput,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  paginateGetAccountAuthorizationDetails,
  UpdateAccessKeyCommand,
  type User,
} from '@aws-sdk/client-iam';
import type { AccessKeyStatus, LastUse } from '../../domain/access-key.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { AccessKeys, IamUserFacts, ListedKey, Log, NewKey } from '../../usecases/ports.ts';
import { Secret } from '../../usecases/secret.ts';
import { calling, callingUnless } from '../sdk-error.ts';

/** No such user, or no such key. */
const GONE = ['NoSuchEntity'];
const STATUSES: readonly AccessKeyStatus[] = ['Active', 'Inactive', 'Expired'];

export interface IamOptions {
  /** Reads. */
  client: IAMClient;
  /** Changes the keys of one user. `once`: with maxAttempts 1, for the one call that must never be repeated. */
  changing(userName: string, times?: 'once'): IAMClient;
  /** Whose users are asked for. */
  account: string;
  log: Log;
}

/** The users alone: whoever lists them need not be able to change their keys. */
export function iamUsers(options: Pick<IamOptions, 'client' | 'account'>): Pick<AccessKeys, 'all'> {
  return { all: () => all(options) };
}

export function iamAccessKeys(options: IamOptions): AccessKeys {
  const { client, changing, log } = options;
  return {
    describeUser: (userName) => describeUser(userName, options),
    ...iamUsers(options),
    list: (userName) => list(client, userName),
    lastUse: (id) => lastUse(client, id, log),
    create: (userName) => create(changing(userName, 'once'), userName),
    async setStatus(UserName, AccessKeyId, Status) {
      const update = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status });
      return requestIdOf(await calling('UpdateAccessKey', changing(UserName).send(update)));
    },
    async remove(UserName, AccessKeyId) {
      const remove = new DeleteAccessKeyCommand({ UserName, AccessKeyId });
      const answer = await callingUnless(GONE, 'DeleteAccessKey', changing(UserName).send(remove));
      return answer && requestIdOf(answer);
    },
  };
}

async function describeUser(
  UserName: string,
  { client, account }: IamOptions,
): Promise<IamUserFacts | undefined> {
  const answer = await callingUnless(GONE, 'GetUser', client.send(new GetUserCommand({ UserName })));
  return answer && factsOf(answer.User, 'GetUser', account);
}

/** The credentials decide which account answers: users of another one must never be taken for this one's. */
function factsOf(user: Partial<User> | undefined, operation: string, account: string): IamUserFacts {
  const { UserName, UserId, Arn, CreateDate, Tags = [] } = user ?? {};
  if (!UserName || !UserId || !Arn || !CreateDate)
    throw new OutsideError('refused', operation, 'IncompleteAnswer');
  if (Arn.split(':')[4] !== account) throw new OutsideError('refused', operation, 'OtherAccount');
  const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  return { userName: UserName, userId: UserId, arn: Arn, createdAt: CreateDate.getTime(), tags };
}

/** The one call that lists users with their tags: ListUsers leaves them out. */
async function* all({
  client,
  account,
}: Pick<IamOptions, 'client' | 'account'>): AsyncIterable<IamUserFacts> {
  const pages = paginateGetAccountAuthorizationDetails({ client, pageSize: 1000 }, { Filter: ['User'] });
  const operation = 'GetAccountAuthorizationDetails';
  for (;;) {
    const page = await calling(operation, pages.next());
    if (page.done) return;
    for (const user of page.value.UserDetailList ?? []) yield factsOf(user, operation, account);
  }
}

async function list(client: IAMClient, UserName: string): Promise<ListedKey[] | undefined> {
  const keys: ListedKey[] = [];
  let Marker: string | undefined;
  do {
    const page = new ListAccessKeysCommand({ UserName, ...(Marker !== undefined && { Marker }) });
    const answer = await callingUnless(GONE, 'ListAccessKeys', client.send(page));
    if (!answer) return undefined;
    keys.push(...(answer.AccessKeyMetadata ?? []).map(listedKey));
    Marker = answer.IsTruncated ? answer.Marker : undefined;
  } while (Marker !== undefined);
  return keys;
}

/** A status that is not known is an error: after a wrong guess a working key might be deleted. */
function listedKey({ AccessKeyId, Status, CreateDate }: AccessKeyMetadata): ListedKey {
  const status = STATUSES.find((known) => known === Status);
  if (!status) throw new OutsideError('refused', 'ListAccessKeys', 'UnexpectedStatus');
  if (!AccessKeyId || !CreateDate) throw new OutsideError('refused', 'ListAccessKeys', 'IncompleteAnswer');
  return { id: AccessKeyId, status, createdAt: CreateDate.getTime() };
}

async function lastUse(client: IAMClient, AccessKeyId: string, log: Log): Promise<LastUse> {
  try {
    const asking = client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    return readLastUse(await calling('GetAccessKeyLastUsed', asking));
  } catch (error) {
    // The cards only say that AWS did not answer, also where a permission is missing.
    log.warn('key.lastUseUnknown', { error });
    return { seen: 'unknown' };
  }
}

/** AccessKeyLastUsed: for a key never used there is no date, and service and region are "N/A". */
function readLastUse({ AccessKeyLastUsed }: GetAccessKeyLastUsedCommandOutput): LastUse {
  const { LastUsedDate, ServiceName, Region } = AccessKeyLastUsed ?? {};
  if (!ServiceName) return { seen: 'unknown' };
  if (!LastUsedDate) return { seen: ServiceName === 'N/A' ? 'never' : 'unknown' };
  const region = Region === undefined || Region === 'N/A' ? {} : { region: Region };
  return { seen: 'used', at: LastUsedDate.getTime(), service: ServiceName, ...region };
}

async function create(onceClient: IAMClient, UserName: string): Promise<NewKey> {
  if ((await onceClient.config.maxAttempts()) !== 1) throw new Error('CreateAccessKey needs maxAttempts 1');
  const answer = await calling('CreateAccessKey', onceClient.send(new CreateAccessKeyCommand({ UserName })));
  const { AccessKeyId, SecretAccessKey, CreateDate = new Date() } = answer.AccessKey ?? {};
  // AWS made a key, also where its answer lacks something.
  if (!AccessKeyId || !SecretAccessKey)
    throw new OutsideError('unknown', 'CreateAccessKey', 'IncompleteAnswer');
  return {
    id: AccessKeyId,
    status: 'Active', // CreateAccessKey: "The default status for new keys is Active."
    createdAt: CreateDate.getTime(),
    secret: new Secret(SecretAccessKey),
    requestId: requestIdOf(answer),
  };
}

function requestIdOf({ $metadata }: { $metadata: { requestId?: string | undefined } }): string {
  return $metadata.requestId ?? 'none';
}
