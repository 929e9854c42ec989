// The users, keys, roles and sessions of one account, and how an eventually consistent reader sees them.
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Call } from '../wire.ts';
import { AwsError, type PolicyDocument, type PolicyStatement } from './service.ts';
import type { Credentials } from './sigv4.ts';

export interface IamKey {
  id: string;
  secret: string;
  status: 'Active' | 'Inactive';
  /** Its place in the credential report, kept for life. */
  slot: 1 | 2;
  createdAt: number;
  lastChangedAt: number;
  lastUsed?: KeyUse;
}

export interface KeyUse {
  at: number;
  service: string;
  region: string;
}

export interface IamUser {
  userName: string;
  userId: string;
  path: string;
  arn: string;
  createdAt: number;
  tags: Record<string, string>;
  keys: IamKey[];
  policies: PolicyStatement[];
}

export interface IamRole {
  roleName: string;
  roleId: string;
  path: string;
  description: string;
  arn: string;
  createdAt: number;
  policies: PolicyStatement[];
  /** Who may assume it. Without one only the sandbox gives out its sessions, as Lambda does. */
  trust?: PolicyDocument;
}

export interface IamSession {
  credentials: Credentials & { sessionToken: string };
  role: IamRole;
  sessionName: string;
  /** The session policy, which grants nothing, and takes away what it does not name. */
  policy?: PolicyStatement[];
  /** Never where it is missing. */
  expiresAt?: number;
}

export interface KeyChange {
  at: number;
  userName: string;
  keyId: string;
  change: 'created' | 'Active' | 'Inactive' | 'deleted';
  /** The key before the change. */
  before?: Pick<IamKey, 'status' | 'lastChangedAt'>;
  /** The user's keys that are on, after the change. */
  activeKeys: string[];
  /** The call that did it; none where it was done in the console. */
  call?: Call;
}

export interface IamState {
  readonly account: string;
  /** Of the organisation that the account is in. */
  orgId?: string;
  createdAt: number;
  /** By lower-cased name ("Names are not distinguished by case": CreateUser). */
  users: Map<string, IamUser>;
  /** By role name. */
  roles: Map<string, IamRole>;
  /** By access key id. */
  sessions: Map<string, IamSession>;
  /** By access key id: the user's name in lower case. */
  keyOwners: Map<string, string>;
  deletedKeys: IamKey[];
  /** Every change to a key, oldest first, as CloudTrail has it. */
  trail: KeyChange[];
  /** How many ids and secrets were given out: none is given twice. */
  minted: number;
  /** For so many ms after a write to a user, reads and sign-ins do not see it yet. */
  lag: number;
  /** By lower-cased name: what reads see instead, and until when. */
  stale: Map<string, { until: number; before: IamUser | undefined }>;
  /** The last one that was made. */
  report?: { csv: string; generatedAt: number };
  /** Has the last word on what GetCredentialReport answers. */
  reportOverride?: (csv: string) => string;
}

export interface IamStore {
  clock: Clock;
  state: IamState;
  /** IAM User Guide, "IAM identifiers": AIDA for users, AROA for roles, AKIA and ASIA for keys. */
  newId(prefix: 'AIDA' | 'AROA' | 'AKIA' | 'ASIA', length: number): string;
  newSecret(): string;
}

/** The same seed gives the same ids in the same order. */
export function iamStore(clock: Clock, account: string, seed: string): IamStore {
  const state: IamState = {
    account,
    createdAt: clock.now(),
    users: new Map(),
    roles: new Map(),
    sessions: new Map(),
    keyOwners: new Map(),
    deletedKeys: [],
    trail: [],
    minted: 0,
    lag: 0,
    stale: new Map(),
  };
  const next = () =>
    createHash('sha512')
      .update(`${seed}/${account}/${state.minted++}`)
      .digest();
  return {
    clock,
    state,
    newId(prefix, length) {
      const letters = [...next()].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]);
      return (prefix + letters.join('')).slice(0, length);
    },
    newSecret: () => next().toString('base64').slice(0, 40),
  };
}

/** The user as reads see it. */
export function shownUser({ clock, state }: IamStore, userName: string): IamUser | undefined {
  const name = userName.toLowerCase();
  const old = state.stale.get(name);
  return old && clock.now() < old.until ? old.before : state.users.get(name);
}

/** The user a key belongs to, as reads see it: while a new name is not seen yet, the one with the old name. */
export function ownerOf(store: IamStore, keyId: string): IamUser | undefined {
  const owner = shownUser(store, store.state.keyOwners.get(keyId) ?? '');
  if (hasKey(owner, keyId)) return owner;
  const before = [...store.state.stale.keys()].map((name) => shownUser(store, name));
  return before.find((user) => hasKey(user, keyId)) ?? owner;
}

function hasKey(user: IamUser | undefined, keyId: string): boolean {
  return user?.keys.some(({ id }) => id === keyId) ?? false;
}

/** All users as reads see them, by name. */
export function shownUsers(store: IamStore): IamUser[] {
  const names = new Set([...store.state.users.keys(), ...store.state.stale.keys()]);
  return [...names].sort().flatMap((name) => shownUser(store, name) ?? []);
}

/** Before every write: IAM User Guide, "Troubleshoot IAM: Changes that I make are not always immediately visible". */
export function hideChange(store: IamStore, userName: string): void {
  const { clock, state } = store;
  if (state.lag === 0) return;
  const before = structuredClone(shownUser(store, userName));
  state.stale.set(userName.toLowerCase(), { before, until: clock.now() + state.lag });
}

/** After every write to a key. */
export function noteChange(
  { clock, state }: IamStore,
  userName: string,
  keyId: string,
  change: Pick<KeyChange, 'change' | 'before'>,
): void {
  const keys = state.users.get(userName.toLowerCase())?.keys ?? [];
  const activeKeys = keys.filter(({ status }) => status === 'Active').map(({ id }) => id);
  state.trail.push({ at: clock.now(), userName, keyId, ...change, activeKeys });
}

export function theUser({ state }: IamStore, userName: string): IamUser {
  return state.users.get(userName.toLowerCase()) ?? noSuchUser(userName);
}

export function userArn({ account }: IamState, path: string, userName: string): string {
  return `arn:aws:iam::${account}:user${path}${userName}`;
}

export function noSuchUser(userName: string): never {
  throw new AwsError('NoSuchEntity', `The user with name ${userName} cannot be found.`, 404);
}

export function theKey(store: IamStore, userName: string, keyId: string): IamKey {
  const key = theUser(store, userName).keys.find(({ id }) => id === keyId);
  if (key) return key;
  throw new AwsError('NoSuchEntity', `The Access Key with id ${keyId} cannot be found.`, 404);
}
