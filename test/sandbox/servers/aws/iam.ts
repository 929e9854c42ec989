// AWS IAM: users, their tags and access keys, and the credential report, with hands for tests to change them.
import type { Clock } from '../../clock.ts';
import { keyActions, reportActions, roleActions, userActions } from './iam-actions.ts';
import { recordUse, resolvePrincipal, signerOf } from './iam-signers.ts';
import { type IamState, type IamStore, iamStore, ownerOf, shownUser, userArn } from './iam-state.ts';
import {
  addKey,
  addRole,
  addSession,
  addUser,
  deleteKey,
  deleteRole,
  deleteUser,
  recreateUser,
  setKeyStatus,
  tagUser,
  updateUser,
} from './iam-writes.ts';
import type { AwsService } from './service.ts';

export type Iam = ReturnType<typeof iamService>;

export function iamService(clock: Clock, { account, seed = 'iam' }: { account: string; seed?: string }) {
  const store = iamStore(clock, account, seed);
  const hand = <Given extends unknown[], Result>(act: (store: IamStore, ...given: Given) => Result) => {
    return (...given: Given) => act(store, ...given);
  };
  const service: AwsService = {
    name: 'iam',
    protocol: 'query',
    actions: {
      ...userActions(store),
      ...roleActions(store),
      ...keyActions(store),
      ...reportActions(store),
    },
    resource: ({ input }) => resourceOf(store, input),
  };
  return {
    ...service,
    state: store.state as IamState,
    addUser: hand(addUser),
    addKey: hand(addKey),
    addRole: hand(addRole),
    session: hand(addSession),
    /** What people do past the bot. */
    console: {
      createKey: hand(addKey),
      setKeyStatus: hand(setKeyStatus),
      deleteKey: hand(deleteKey),
      tagUser: hand(tagUser),
      updateUser: hand(updateUser),
      deleteUser: hand(deleteUser),
      recreateUser: hand(recreateUser),
      deleteRole: hand(deleteRole),
    },
    signerOf: hand(signerOf),
    recordUse: hand(recordUse),
    resolvePrincipal: hand(resolvePrincipal),
  };
}

/** "Actions, resources, and condition keys for IAM": a user, a role, or nothing. */
function resourceOf(store: IamStore, input: Record<string, unknown>): string | undefined {
  const { UserName, AccessKeyId, RoleName } = input;
  if (typeof RoleName === 'string') return store.state.roles.get(RoleName)?.arn;
  if (typeof UserName === 'string')
    return shownUser(store, UserName)?.arn ?? userArn(store.state, '/', UserName);
  return typeof AccessKeyId === 'string' ? ownerOf(store, AccessKeyId)?.arn : undefined;
}
