// What the bot changed in AWS, each change with the move that was claimed at that moment: told by the servers, not by the bot.

import type { SlackJob } from '../../src/usecases/jobs.ts';
import { queuedJob } from '../queued-job.ts';
import type { WrittenItem } from '../sandbox/play/items.ts';
import type { KeyChange } from '../sandbox/servers/aws/iam-state.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';
import type { World } from './fault-world.ts';
import { isBots } from './strike.ts';

/** How much has been called and logged so far: the place to count from. */
export interface Mark {
  aws: number;
  slack: number;
  logs: number;
  replies: number;
}

export function mark({ sandbox, replies }: World): Mark {
  const { aws, slack } = sandbox;
  return {
    aws: aws.wire.calls.length,
    slack: slack.wire.calls.length,
    logs: sandbox.logs().length,
    replies: replies.length,
  };
}

/** The claim on an IAM user's record, and the rotation that it was made for. */
export interface Claimed {
  jobId: string;
  move: string;
  by: string;
  at: number;
  leaseUntil: string;
  keyId?: string | undefined;
  oldKeyId?: string | undefined;
  newKeyId?: string | undefined;
  stranded: string[];
}

export interface Change extends KeyChange {
  /** undefined: nothing was claimed when the bot did it. */
  claim: Claimed | undefined;
  /** The status of each of the user's keys, by its id, as IAM last showed them to the bot before. */
  seen: ReadonlyMap<string, string>;
  /** Whether that was after the move had been claimed. */
  hasLooked: boolean;
  /** Whether IAM had told, when it was last asked, what uses the key. */
  isUseKnown: boolean;
  /** Under which id AWS has it. */
  requestId: string;
  /** Whether the answer arrived, and whoever got it lived to write it down: a move that is taken up again has lost it. */
  isHeard: boolean;
}

/** What the bot changed since, oldest first. */
export function changesSince({ sandbox }: World, since: Mark): Change[] {
  const calls = sandbox.aws.wire.calls.slice(since.aws);
  const places = new Map(calls.map((call, index) => [call as object, index]));
  return sandbox.aws.iam.state.trail.flatMap((change): Change[] => {
    const { call } = change;
    const index = call && isBots(call) ? places.get(call) : undefined;
    if (index === undefined) return [];
    const known = knownAt(calls.slice(0, index), change);
    return [{ ...change, ...known, ...toldOf(calls.slice(index), change, known.claim) }];
  });
}

function toldOf(
  [call, ...later]: readonly RecordedCall[],
  { userName }: KeyChange,
  claim: Claimed | undefined,
): Pick<Change, 'requestId' | 'isHeard'> {
  // A reminder may be noted beside a claim, and leaves it as it is.
  const ended = later.find(
    (write) => isWrite(write, userName) && claimIn(write)?.leaseUntil !== claim?.leaseUntil,
  );
  const isHeard = call?.reply?.status === 200 && ended !== undefined && claimIn(ended) === undefined;
  return { requestId: requestIdIn(call?.effect?.body ?? ''), isHeard };
}

/** Under which ids AWS has what the bot called in IAM since. */
export function requestIdsSince({ sandbox }: World, since: Mark): Set<string> {
  const calls = sandbox.aws.wire.calls
    .slice(since.aws)
    .filter((call) => call.service === 'iam' && isBots(call));
  return new Set(calls.map(({ effect }) => requestIdIn(effect?.body ?? '')));
}

/** Of IAM's answer in XML. */
function requestIdIn(body: string): string {
  return /<RequestId>([^<]+)</.exec(body)?.[1] ?? '';
}

function knownAt(
  calls: readonly RecordedCall[],
  { userName, keyId }: KeyChange,
): Pick<Change, 'claim' | 'seen' | 'hasLooked' | 'isUseKnown'> {
  const claimed = calls.findLastIndex((call) => isWrite(call, userName));
  const looked = calls.findLastIndex((call) => isLook(call, userName));
  return {
    claim: claimIn(calls[claimed]),
    seen: keysIn(calls[looked]?.reply?.body ?? ''),
    hasLooked: looked > claimed,
    isUseKnown: calls.findLast((call) => asksUse(call, keyId))?.reply?.status === 200,
  };
}

function isLook(call: RecordedCall, userName: string): boolean {
  const { action, input, reply } = call;
  return action === 'ListAccessKeys' && input.UserName === userName && isBots(call) && reply?.status === 200;
}

function asksUse(call: RecordedCall, keyId: string): boolean {
  return call.action === 'GetAccessKeyLastUsed' && call.input.AccessKeyId === keyId && isBots(call);
}

/** Of IAM's answer in XML. */
function keysIn(body: string): Map<string, string> {
  const members = body.split('<member>').slice(1);
  const read = (member: string, name: string) => new RegExp(`<${name}>(\\w+)<`).exec(member)?.[1] ?? '';
  return new Map(members.map((member) => [read(member, 'AccessKeyId'), read(member, 'Status')]));
}

/** What people changed in the console, after so many changes. */
export function changedOutside({ sandbox }: World, from: number): KeyChange[] {
  return sandbox.aws.iam.state.trail.slice(from).filter(({ call }) => !call || !isBots(call));
}

/** What was posted since in somebody's direct conversation: their phone rang. */
export function lettersSince({ sandbox }: World, since: Mark): { to: string; at: number }[] {
  const { channels } = sandbox.slack.workspace;
  return sandbox.slack.wire.calls.slice(since.slack).flatMap(({ action, effect, at }) => {
    const { ok, channel = '' } = JSON.parse(action === 'chat.postMessage' ? (effect?.body ?? '{}') : '{}');
    const to = channels.get(channel)?.im;
    return ok && to ? [{ to, at }] : [];
  });
}

/** Who has asked since to be shown something, or pressed where they are no owner and can only be answered in private. */
export function askedSince({ sandbox }: World, since: Mark): Set<string> {
  const { channels } = sandbox.slack.workspace;
  const jobs = sandbox.aws.wire.calls
    .slice(since.aws)
    .filter(({ action, effect }) => action === 'SendMessageBatch' && effect?.status === 200)
    .flatMap(({ input }) => (input.Entries as { MessageBody: string }[]).map((each) => each.MessageBody))
    // The others are keyrotate's own.
    .filter((body) => 'headers' in JSON.parse(body))
    .map((body) => queuedJob(body, sandbox) as SlackJob);
  const asking = jobs.filter(
    ({ kind, personId, place }) => kind !== 'click' || channels.get(place.channel)?.im !== personId,
  );
  return new Set(asking.map(({ personId }) => personId));
}

/** Everybody who has owned a user since, by its unique id, as its records said: a name may change. */
export function ownersSince({ sandbox }: World, since: Mark): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { action, input, effect } of sandbox.aws.wire.calls.slice(since.aws)) {
    if (action !== 'PutItem' || effect?.status !== 200) continue;
    const { userId, owner } = input.Item as WrittenItem;
    const [id, ownerId] = [userId?.S, owner?.M?.slackId?.S];
    if (id && ownerId) owners.set(id, (owners.get(id) ?? new Set()).add(ownerId));
  }
  return owners;
}

function claimIn(write: RecordedCall | undefined): Claimed | undefined {
  const { claim, rotation, stranded } = (write?.input.Item ?? {}) as WrittenItem;
  if (!claim?.M) return undefined;
  const { jobId, move, actor, at, leaseUntil, keyId } = claim.M;
  return {
    jobId: jobId?.S ?? '',
    move: move?.S ?? '',
    by: actor?.M?.slackId?.S ?? '',
    at: Date.parse(at?.S ?? ''),
    leaseUntil: leaseUntil?.S ?? '',
    keyId: keyId?.S,
    oldKeyId: rotation?.M?.oldKeyId?.S,
    newKeyId: rotation?.M?.replacement?.M?.keyId?.S,
    stranded: (stranded?.L ?? []).map(({ S = '' }) => S),
  };
}

function isWrite({ action, input, effect }: RecordedCall, userName: string): boolean {
  const { pk, sk } = (input.Item ?? {}) as WrittenItem;
  return (
    action === 'PutItem' &&
    effect?.status === 200 &&
    sk?.S === 'CURRENT' &&
    pk?.S?.endsWith(`#${userName}`) === true
  );
}

/** All that left the functions for anywhere but the vault and IAM, and all that they wrote to their logs. */
export function saidSince({ sandbox, replies }: World, since: Mark): string[] {
  const calls = [...sandbox.aws.wire.calls.slice(since.aws), ...sandbox.slack.wire.calls.slice(since.slack)];
  return [
    ...calls
      .filter(({ service }) => ['dynamodb', 'sqs', 'slack'].includes(service))
      .flatMap(({ requestBody, effect }) => [requestBody, effect?.body ?? '']),
    ...sandbox.logs().slice(since.logs),
    ...replies.slice(since.replies).map((reply) => JSON.stringify(reply) ?? ''),
  ];
}
