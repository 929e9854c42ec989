// The ways in which a call can break, and how one call of all that are made is made to break.
import type { Call, Fault, Interference } from '../sandbox/servers/wire.ts';
import { interfere, type World } from './fault-world.ts';
import { lastOverwritten } from './overwritten.ts';

type Interfered = ReturnType<Interference>;

export const FAULTS = {
  refused: 'is refused before it takes effect',
  lost: 'takes effect and its answer is lost',
  lostOnce: 'takes effect and only its first answer is lost',
  throttled: 'is throttled',
  broken: 'fails at the server',
  hangs: 'is never answered',
  dies: 'is the last that its container lives to make',
  unseen: 'is not seen by the reads that follow',
  diesUnseen: 'is the last that its container lives to make, and is not seen by the reads that follow',
  old: 'is answered as before the last write',
} as const;

export type FaultName = keyof typeof FAULTS;

/** Slack has no way to send once, and may refuse to delete: after these a message may be there twice. */
export function mayDouble(fault: FaultName, call: string): boolean {
  if (fault === 'dies' || fault === 'diesUnseen') return true;
  return (
    ((fault === 'lost' || fault === 'lostOnce') && call.startsWith('slack:chat.postMessage')) ||
    (fault === 'refused' && call.startsWith('slack:chat.delete'))
  );
}

/** How long IAM hides a change from its readers. */
const LAG_MS = 10 * 60_000;
/** How long a call may take to take effect once it is held. */
const EFFECT_MS = 15;

/**
 * Only changes to keys, and reads of an index, can go unseen: all other reads are consistent. What a client asks again
 * after a lost answer matters where the first has changed something.
 */
export function canStrike(name: FaultName, call: Call): boolean {
  const { service, action, input } = call;
  const readsIndex = service === 'dynamodb' && action === 'Query' && input.IndexName !== undefined;
  const changesKey = service === 'iam' && /^(Create|Update|Delete)AccessKey$/.test(action);
  if (name === 'old') return readsIndex;
  if (name === 'lostOnce') return isChange(call);
  if (name === 'diesUnseen') return changesKey;
  return name !== 'unseen' || changesKey || readsIndex;
}

/** Calls of the functions, told by who signs them; nobody else in the sandbox uses the bot's token. */
export function isBots({ service, caller }: Call): boolean {
  return (
    service === 'slack' || /assumed-role\/(worker|slack|sweeper|scheduler|keyrotate-\w+)\//.test(caller ?? '')
  );
}

/** A call by what it asks for: `iam:CreateAccessKey`. */
export function callName({ service, action }: Call): string {
  return `${service}:${action}`;
}

export function isChange(call: Call): boolean {
  return /:(Create|Put|Update|Delete|Send|Change|Tag|chat\.|views\.|response_url)/.test(callName(call));
}

/**
 * Tells one call from the next of its kind: `iam:CreateAccessKey (2)` is the second of them. Which of two calls that are
 * made side by side comes first is chance; which of its own kind it is, is not.
 */
export function numbering(): (call: Call) => string {
  const made = new Map<string, number>();
  return (call) => {
    const name = callName(call);
    const nth = (made.get(name) ?? 0) + 1;
    made.set(name, nth);
    return `${name} (${nth})`;
  };
}

/**
 * The fault strikes the first of the bot's calls that is meant, and every repetition of it that the same invocation makes:
 * a client's own retries would otherwise heal most of them. Returns the call, once it came to that.
 */
export function strike(
  world: World,
  isMeant: (call: Call) => boolean,
  name: FaultName,
): () => Call | undefined {
  let struck: { call: Call; invocation: number } | undefined;
  interfere(world, (call) => {
    if (!isBots(call)) return undefined;
    if (struck) return repeats(struck, call, world) ? faultAgain(world, call, name) : undefined;
    if (!isMeant(call)) return undefined;
    struck = { call, invocation: world.invocations() };
    return fault(world, call, name);
  });
  return () => struck?.call;
}

function repeats(struck: { call: Call; invocation: number }, call: Call, world: World): boolean {
  const text = ({ service, action, input }: Call) => JSON.stringify([service, action, input]);
  return struck.invocation === world.invocations() && text(struck.call) === text(call);
}

function faultAgain(world: World, call: Call, name: FaultName): Interfered {
  return ONCE.has(name) ? undefined : fault(world, call, name);
}

const ONCE: ReadonlySet<FaultName> = new Set(['lostOnce', 'dies', 'unseen', 'diesUnseen', 'old']);

export function fault(world: World, call: Call, name: FaultName): Interfered {
  switch (name) {
    case 'refused':
      return refused(call);
    case 'lost':
    case 'lostOnce':
      return { kind: 'lose' };
    case 'throttled':
      return throttled(call);
    case 'broken':
      return broken(call);
    case 'hangs':
      return { kind: 'hang', takesEffect: false };
    case 'dies':
      return die(world);
    case 'unseen':
      return unseen(world, call);
    case 'diesUnseen':
      unseen(world, call);
      return die(world);
    case 'old':
      return old(world, call);
  }
}

/** In the query protocol, with names of its own for what goes wrong. */
const SPEAKS_QUERY = /^(iam|sts)$/;

function refused({ service, action }: Call): Fault {
  if (action === 'response_url') return { kind: 'refuse', status: 404, code: 'expired_url' };
  if (service === 'slack') return { kind: 'refuse', status: 200, code: 'restricted_action' };
  return SPEAKS_QUERY.test(service)
    ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
    : { kind: 'refuse', status: 400, code: 'AccessDeniedException' };
}

function throttled({ service }: Call): Fault {
  if (service === 'slack')
    return { kind: 'refuse', status: 429, code: 'ratelimited', headers: { 'retry-after': '1' } };
  return {
    kind: 'refuse',
    status: 400,
    code: SPEAKS_QUERY.test(service) ? 'Throttling' : 'ThrottlingException',
  };
}

function broken({ service }: Call): Fault {
  if (service === 'slack') return { kind: 'refuse', status: 503, code: 'service_unavailable' };
  return {
    kind: 'refuse',
    status: 500,
    code: SPEAKS_QUERY.test(service) ? 'ServiceFailure' : 'InternalServerError',
  };
}

/** The call takes effect and is never answered; meanwhile the container is taken away. */
export function die(world: World): Fault {
  setTimeout(() => world.kill(), EFFECT_MS);
  return { kind: 'hang', takesEffect: true, callerIsDead: true };
}

function unseen(world: World, { service }: Call): Fault | undefined {
  if (service === 'dynamodb') return answered(world, { Items: [], Count: 0, ScannedCount: 0 });
  const { sandbox } = world;
  sandbox.aws.iam.state.lag = LAG_MS;
  // The write that is about to be made is hidden, and none after it.
  setImmediate(() => setImmediate(() => Object.assign(sandbox.aws.iam.state, { lag: 0 })));
  return undefined;
}

/** For as long as it is asked, the table holds what was written over last. */
async function old(world: World, { input }: Call): Promise<Fault | undefined> {
  const { former, latest } = lastOverwritten(world) ?? {};
  if (!former || !latest) return undefined;
  const { dynamo } = world.sandbox.aws;
  const TableName = world.sandbox.environment.TABLE_NAME;
  await dynamo.ask('PutItem', { TableName, Item: former });
  const page = await dynamo.ask('Query', input);
  await dynamo.ask('PutItem', { TableName, Item: latest });
  return answered(world, page);
}

function answered({ sandbox }: World, body: unknown): Fault {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    date: new Date(sandbox.clock.now()).toUTCString(),
  };
  return { kind: 'answer', reply: { status: 200, headers, body: JSON.stringify(body) } };
}
