// AWS behind one address: who signs, what they may do, and which service answers, told apart by the credential scope.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Backend, Call, WireReply, WireRequest } from '../wire.ts';
import { unemulated } from './conditions.ts';
import { type Decision, decide } from './decisions.ts';
import type { Iam } from './iam.ts';
import type { Signer } from './iam-signers.ts';
import { decodeJson, encodeJson, encodeJsonError } from './json-protocol.ts';
import { decodeQuery, encodeQuery, encodeQueryError } from './query-protocol.ts';
import { AwsError, type AwsService, type Permission } from './service.ts';
import { readSignature, refusalOf, type Signature } from './sigv4.ts';

/** What every account has one of. */
export interface Account {
  iam: Iam;
  services: readonly AwsService[];
}

export interface AwsParts {
  iam: Iam;
  /** The other services; IAM itself need not be named again. */
  services?: AwsService[];
  /** Other accounts, each with what it has of its own: whoever signs there is answered by that, else by `services`. */
  members?: readonly Account[];
  /** Services that speak for themselves once a call is authorized, by credential scope: dynamodb. */
  forward?: Record<string, (request: WireRequest) => Promise<WireReply>>;
  /** Gets what was decided about roles, oldest first. */
  decisions?: Decision[];
}

/** Who signed a request, or why nobody is believed to have; kept between reading a call and performing it. */
interface Asker {
  signature: Signature | undefined;
  signer: Signer | undefined;
  refusal: AwsError | undefined;
}

export function awsBackend(
  clock: Clock,
  { iam, services = [], members = [], forward = {}, decisions = [] }: AwsParts,
): Backend {
  const iams = [iam, ...members.map((member) => member.iam)];
  const known = byName([iam, ...services]);
  const own = new Map(
    members.map((member) => [member.iam.state.account, byName([member.iam, ...member.services])]),
  );
  const iamOf = ({ caller }: Signer) => iams.find(({ state }) => state.account === caller.account) ?? iam;
  const serviceFor = (name: string, signer?: Signer) =>
    own.get(signer?.caller.account ?? '')?.get(name) ?? known.get(name);
  const askers = new WeakMap<WireRequest, Asker>();

  async function answer(call: Call, request: WireRequest): Promise<WireReply> {
    const { signature, signer, refusal } = askers.get(request) ?? {};
    if (refusal) throw refusal;
    if (!signature || !signer) throw new Error('performed without being read');
    iamOf(signer).recordUse(signature.accessKeyId, signature.service, signature.region);
    const service = serviceFor(call.service, signer);
    refuseElsewhere(service, signature);
    const forwarded = forward[call.service];
    // Everything else stands for whatever an application does with its key.
    if (!service && !forwarded) return { status: 200, headers: JSON_BODY, body: '{}' };
    authorize(call, signer, service, decisions);
    if (forwarded) return forwarded(request);
    const { trail } = iamOf(signer).state;
    const before = trail.length;
    const reply = perform(call, signer, service, randomUUID());
    for (const change of trail.slice(before)) change.call = call;
    return reply;
  }

  function refuse(call: Call, error: Pick<AwsError, 'code' | 'message' | 'status'>): WireReply {
    const protocol = known.get(call.service)?.protocol ?? 'json-1.0';
    return protocol === 'query'
      ? encodeQueryError(error, randomUUID())
      : encodeJsonError(protocol, error, randomUUID());
  }

  return {
    async read(request) {
      const asker = await identify(iams, request, clock.now());
      askers.set(request, asker);
      const { signature, signer } = asker;
      const service = signature?.service ?? 'unsigned';
      const call = { service, ...decode(request), caller: signer?.caller.arn };
      const resource =
        service === 'dynamodb'
          ? tableArn(iam, call, signature)
          : serviceFor(service, signer)?.resource?.(call);
      return { ...call, ...(resource !== undefined && { resource }) };
    },
    async perform(call, request) {
      const reply = await answer(call, request).catch((error) => {
        if (error instanceof AwsError) return refuse(call, error);
        throw error;
      });
      return dated(reply, clock);
    },
    refusal: (call, { message = 'Refused by the test.', ...fault }) =>
      dated(refuse(call, { ...fault, message }), clock),
  };
}

function refuseElsewhere(service: AwsService | undefined, { region }: Signature): void {
  if (service?.region && service.region !== region) throw unemulated(`${service.name} in ${region}`);
}

function byName(services: readonly AwsService[]): Map<string, AwsService> {
  return new Map(services.map((service) => [service.name, service]));
}

async function identify(iams: readonly Iam[], request: WireRequest, now: number): Promise<Asker> {
  const signature = readSignature(request);
  const { accessKeyId = '' } = signature ?? {};
  const signer = iams.map((iam) => iam.signerOf(accessKeyId)).find((known) => known !== undefined);
  const refusal = await refusalOf(request, signature, signer, now);
  return { signature, signer: refusal ? undefined : signer, refusal };
}

function perform(call: Call, signer: Signer, service: AwsService | undefined, requestId: string): WireReply {
  const action = service?.actions[call.action];
  if (!service || !action) throw unemulated(`${call.service}:${call.action}`);
  const output = action(call.input, signer.caller);
  return service.protocol === 'query'
    ? encodeQuery(call.action, output, requestId)
    : encodeJson(service.protocol, output, requestId);
}

/** The SDK sets its own clock by this header: it must tell the sandbox's time. */
function dated(reply: WireReply, clock: Clock): WireReply {
  return { ...reply, headers: { ...reply.headers, date: new Date(clock.now()).toUTCString() } };
}

const JSON_BODY = { 'content-type': 'application/json' };

function decode(request: WireRequest): Pick<Call, 'action' | 'input'> {
  if (request.headers['x-amz-target']) return decodeJson(request);
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return decodeQuery(request.body.toString('utf8'));
  const [, schedule] = /^\/schedules\/([^/?]+)/.exec(request.path) ?? [];
  if (schedule && request.method === 'GET') return { action: 'GetSchedule', input: { Name: schedule } };
  return { action: `${request.method} ${request.path}`, input: {} };
}

/** "Common Errors": AccessDenied 403 in the query protocol, AccessDeniedException 400 in JSON. */
function authorize(call: Call, signer: Signer, service: AwsService | undefined, decisions: Decision[]): void {
  if (service?.isFree?.(call)) return;
  // "Actions, resources, and condition keys for Amazon SQS": a batch is decided as its single action.
  const action = `${call.service}:${call.service === 'sqs' ? call.action.replace(/Batch$/, '') : call.action}`;
  const context = service?.context?.(call);
  const own: Permission = { action, resource: call.resource ?? '*', ...(context && { context }) };
  for (const permission of [own, ...(service?.alsoTakes?.(call) ?? [])]) {
    const its = permission.action.startsWith(`${call.service}:`)
      ? service?.resourcePolicy?.(permission.resource)
      : undefined;
    const verdict = decide(decisions, signer, permission, its);
    if (verdict !== 'allow') throw denial(signer.caller.arn, permission, verdict, service);
  }
}

function denial(
  arn: string,
  { action, resource }: Permission,
  verdict: 'explicitDeny' | 'implicitDeny',
  service: AwsService | undefined,
): AwsError {
  const why =
    verdict === 'explicitDeny' ? 'with an explicit deny' : `because no policy allows the ${action} action`;
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  return service?.protocol === 'query'
    ? new AwsError('AccessDenied', message, 403)
    : new AwsError('AccessDeniedException', message, 400);
}

/** "Actions, resources, and condition keys for Amazon DynamoDB": the table, or the index that is read. Several tables at once count as `*`. */
function tableArn(iam: Iam, { input }: Pick<Call, 'input'>, signature?: Signature): string | undefined {
  const several = Object.keys(input.RequestItems ?? {});
  const name = input.TableName ?? (several.length === 1 ? several[0] : undefined);
  if (typeof name !== 'string') return undefined;
  const table = `arn:aws:dynamodb:${signature?.region}:${iam.state.account}:table/${name}`;
  return input.IndexName ? `${table}/index/${input.IndexName}` : table;
}
