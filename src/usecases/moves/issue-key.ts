// createKey: the one effect that must not be repeated. AWS makes another key each time, and shows each secret once.
import { v5 as uuidv5 } from 'uuid';
import { type AccessKey, findKey, mailRegion } from '../../domain/access-key.ts';
import { nameOf } from '../../domain/iam-user.ts';
import { IAM_LAG } from '../../domain/policy.ts';
import { begun, type Issued, type OpenRotation } from '../../domain/rotation.ts';
import { MINUTE } from '../../domain/time.ts';
import { OutsideError } from '../errors.ts';
import type { AwsRequestId, NewKey, ReplacedKey } from '../ports.ts';
import { nameNow } from '../shared/live-user.ts';
import { type Acting, ifAwsFails, logFailure, type Outcome, refused } from './effect.ts';

/** The namespace of the vault's write tokens (RFC 9562, version 5). */
const TOKENS = '3a4f1f0c-6a1e-5b0a-9c55-6f6b65797274';

/** CreateAccessKey, and three tries to store what it gave: with less time than that its secret might be lost. */
const CREATING_TAKES_MS = 35_000;

/** How long to wait before asking again what became of an earlier attempt. */
const ASK_AGAIN = 5 * MINUTE;

/**
 * 1. Prepare the vault, all of it repeatable. 2. Create the key, once, while there is time to store it. 3. Store its
 * secret, under a token of its own.
 * When 3 fails for good the key is deleted again: its id is known and nobody can have it.
 * After a crash nothing is created again; what the earlier attempt left is looked for instead.
 */
export async function issueKey(rotation: OpenRotation, acting: Acting): Promise<Outcome<Issued>> {
  if (acting.resuming) return resumeEarlierAttempt(rotation, acting);
  const { user, vault } = acting;
  // Nothing has been created yet, so whatever goes wrong here, pressing again is safe.
  const prepared = await ifAwsFails(vault.prepare(user), acting, refusedBy);
  if (prepared) return prepared;
  if (acting.timeLeft() < CREATING_TAKES_MS) return refused({ kind: 'awsBusy' });
  const created = await createOnce(rotation, acting);
  if ('kind' in created) return created;
  let vaultVersion: string;
  try {
    vaultVersion = await vault.store(user, created, replacedBy(rotation, acting), tokenFor(acting));
  } catch (cause) {
    return takeBack(created, cause, acting);
  }
  const key = { ...created, lastUse: { seen: 'never' as const } };
  return issued(rotation, acting, key, vaultVersion, [created.requestId]);
}

function replacedBy({ oldKeyId: id }: OpenRotation, { user }: Acting): ReplacedKey {
  const old = findKey(user.keys, id);
  return { id, mailRegion: old && mailRegion(old) };
}

async function createOnce(rotation: OpenRotation, acting: Acting): Promise<NewKey | Outcome<Issued>> {
  const { user, claim, keys } = acting;
  return ifAwsFails(keys.create(user.userName), acting, (error): Outcome<Issued> => {
    if (error.outcome === 'unknown') return { kind: 'notKnownYet', until: claim.at + IAM_LAG };
    if (error.code !== 'LimitExceeded') return refusedBy(error);
    const otherKeyId = user.keys.find((key) => key.id !== rotation.oldKeyId)?.id ?? '';
    return refused({ kind: 'slotTaken', otherKeyId });
  });
}

/**
 * Goes on where the earlier attempt died. A new key whose secret is in the vault is its work, and is kept. A new key
 * whose secret is not is shown to people and never touched on a guess. That there is no new key is believed only when
 * IAM has had time to show one.
 */
async function resumeEarlierAttempt(rotation: OpenRotation, acting: Acting): Promise<Outcome<Issued>> {
  // A question that was refused tells nothing: the key may exist, so the claim stands.
  return ifAwsFails(
    findEarlierWork(rotation, acting),
    acting,
    (): Outcome<Issued> => ({ kind: 'notKnownYet', until: acting.now() + ASK_AGAIN }),
  );
}

async function findEarlierWork(rotation: OpenRotation, acting: Acting): Promise<Outcome<Issued>> {
  const { user, claim, keys, vault, now } = acting;
  // Under its old name a user that was renamed meanwhile would seem to have no keys.
  const userName = await nameNow(user, keys);
  if (userName === undefined) return refused({ kind: 'userGone' });
  const listed = await keys.list(userName);
  if (!listed) return { kind: 'notKnownYet', until: now() + ASK_AGAIN };
  const since = listed.filter((key) => !claim.knownKeyIds.includes(key.id));
  const stored = since.length > 0 ? await vault.storedKeys(user) : new Map<string, string>();
  for (const key of since) {
    const vaultVersion = stored.get(key.id);
    if (vaultVersion === undefined) continue;
    return issued(rotation, acting, { ...key, lastUse: await keys.lastUse(key.id) }, vaultVersion, []);
  }
  const [unknownKey] = since;
  if (unknownKey) {
    // The card offers to remove it, so it must be among the keys.
    const found = { ...unknownKey, lastUse: await keys.lastUse(unknownKey.id) };
    const shown = [...user.keys.filter(({ id }) => id !== found.id), found];
    return { ...refused({ kind: 'newKeyStranded', keyId: found.id }), keys: shown };
  }
  const until = claim.at + IAM_LAG;
  if (now() < until) return { kind: 'notKnownYet', until };
  return refused({ kind: 'keyNotCreated' });
}

/** Deletes the key just created. "No such key" so soon may be IAM's lag, and then nothing is certain yet. */
async function takeBack(key: NewKey, cause: unknown, acting: Acting): Promise<Outcome<Issued>> {
  const { user, claim, keys } = acting;
  logFailure(cause, acting);
  const removal = await ifAwsFails(
    keys.remove(user.userName, key.id),
    acting,
    // It may live without its secret: the claim stands, and what is left is looked for.
    (): Outcome<Issued> => ({ kind: 'notKnownYet', until: claim.leaseUntil }),
  );
  if (typeof removal === 'object') return removal;
  if (removal === undefined) return { kind: 'notKnownYet', until: claim.at + IAM_LAG };
  const code = cause instanceof OutsideError ? cause.code : 'unknown';
  return { ...refused({ kind: 'secretNotStored', code }), requestIds: [key.requestId, removal] };
}

function issued(
  rotation: OpenRotation,
  acting: Acting,
  { id, createdAt, status, lastUse }: AccessKey,
  vaultVersion: string,
  requestIds: AwsRequestId[],
): Outcome<Issued> {
  // The keys are those of the press, also when an earlier attempt has stored this one.
  const { mailRegion } = replacedBy(rotation, acting);
  const replacement = {
    kind: 'created' as const,
    keyId: id,
    vaultVersion,
    ...(mailRegion && { mailRegion }),
  };
  const keys = [...acting.user.keys.filter((key) => key.id !== id), { id, createdAt, status, lastUse }];
  return { kind: 'done', rotation: { ...begun(rotation), stage: 'issued', replacement }, keys, requestIds };
}

function refusedBy(error: OutsideError): Outcome<Issued> {
  return refused(
    error.outcome === 'refused' ? { kind: 'awsRefused', code: error.code } : { kind: 'awsBusy' },
  );
}

function tokenFor({ user, claim }: Acting): string {
  return uuidv5(`${nameOf(user)} ${user.userId} ${claim.jobId} ${claim.at}`, TOKENS);
}
