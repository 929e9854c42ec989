// Slack's Web API behind the wire: reads a call, checks the token and the scope, and answers in Slack's shape.
import type { Clock } from '../../clock.ts';
import type { Backend, Call, WireReply, WireRequest } from '../wire.ts';
import { chatMethods } from './chat.ts';
import { directoryMethods } from './directory-methods.ts';
import type { SlackLimits } from './limits.ts';
import { type Input, type Method, requireScope, type Slack, SlackError } from './method.ts';
import { isResponseUrl, respond, responseTo } from './response-urls.ts';
import { isObject } from './rules.ts';
import { validateMethods } from './validate.ts';
import { viewMethods } from './views.ts';
import { nextId, type Workspace } from './workspace.ts';

const API_PATH = '/api/';

// https://docs.slack.dev/reference/methods/auth.test
const authTest: Method = {
  run: (_input, { workspace: { team, bot } }) => ({
    ...{ url: `https://${team.domain}.slack.com/`, team: team.name, team_id: team.id },
    ...{ user: bot.name, user_id: bot.userId, bot_id: bot.botId, is_enterprise_install: false },
  }),
};

// https://docs.slack.dev/reference/methods/apps.connections.open
const appsConnectionsOpen: Method = {
  appLevel: true,
  scope: 'connections:write',
  run(_input, { workspace }) {
    const { socketMode } = workspace;
    if (!socketMode) throw new Error('this Slack has no Socket Mode: start it with startSocketMode');
    const ticket = nextId(workspace, 'ticket-');
    socketMode.tickets.add(ticket);
    return { url: `${socketMode.url}/link/?ticket=${ticket}&app_id=${workspace.appId}` };
  },
};

const METHODS: Record<string, Method> = {
  'auth.test': authTest,
  'apps.connections.open': appsConnectionsOpen,
  ...chatMethods,
  ...directoryMethods,
  ...validateMethods,
  ...viewMethods,
};

/** SLACK_API_URL is the wire's url followed by `/api/`. */
export function slackBackend(workspace: Workspace, clock: Clock, limits?: SlackLimits): Backend {
  const slack: Slack = { workspace, clock };
  return {
    read: (request) => readCall(request, workspace),
    async perform(call, request) {
      if (isResponseUrl(request)) return respond(slack, request.path, call.input);
      const seconds = limits?.refuse(call);
      if (seconds !== undefined) return tooMany(seconds, workspace);
      return reply(200, answer(call, tokenOf(request), slack), workspace, METHODS[call.action]);
    },
    refusal: (_call, { status, code }) => reply(status, { ok: false, error: code }, workspace),
  };
}

function readCall(request: WireRequest, workspace: Workspace): Call {
  const input = readInput(request);
  if (isResponseUrl(request)) {
    const url = responseTo(workspace, request.path);
    return {
      service: 'slack',
      action: 'response_url',
      input,
      caller: undefined,
      resource: url?.channel ?? '',
    };
  }
  const action = new URL(request.path, 'http://slack').pathname.slice(API_PATH.length);
  const { bot } = workspace;
  const caller = tokenOf(request) === bot.token ? bot.userId : undefined;
  const resource = input.channel ?? input.user_id ?? input.user;
  return {
    service: 'slack',
    action,
    input,
    caller,
    ...(resource !== undefined && { resource: String(resource) }),
  };
}

function answer(call: Call, token: string | undefined, slack: Slack): Record<string, unknown> {
  try {
    const method = Object.hasOwn(METHODS, call.action) ? METHODS[call.action] : undefined;
    if (!method) throw new SlackError('unknown_method', { req_method: call.action });
    const asker = authenticate(token, slack.workspace, method);
    if (method.scope) requireScope(asker, method.scope);
    return { ok: true, ...method.run(call.input, slack) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { ok: false, error: error.code, ...error.details };
  }
}

// https://docs.slack.dev/reference/methods/auth.test#errors: the same for every method
function authenticate(token: string | undefined, { bot, appToken }: Workspace, { appLevel }: Method) {
  if (!token) throw new SlackError('not_authed');
  if (appLevel !== (token.startsWith('xapp-') || undefined)) throw new SlackError('not_allowed_token_type');
  const asker = [bot, appToken].find((one) => one.token === token);
  if (!asker) throw new SlackError('invalid_auth');
  return asker;
}

function tokenOf(request: WireRequest): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
}

/** Form or JSON. https://docs.slack.dev/apis/web-api/#slack-web-api__basics__post-bodies */
function readInput(request: WireRequest): Input {
  const body = request.body.toString('utf8');
  const isJson = request.headers['content-type']?.startsWith('application/json');
  const input: Input = isJson ? parsedObject(body) : Object.fromEntries(new URLSearchParams(body));
  for (const name of ['blocks', 'view'])
    if (typeof input[name] === 'string') input[name] = parsed(input[name]);
  return input;
}

function parsedObject(text: string): Input {
  const value = parsed(text);
  return isObject(value) ? value : {};
}

/** What is not JSON stays text: the method that needs it says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// https://docs.slack.dev/apis/web-api/rate-limits#responding-to-rate-limiting-conditions
function tooMany(seconds: number, workspace: Workspace): WireReply {
  const { headers, ...refused } = reply(429, { ok: false, error: 'ratelimited' }, workspace);
  return { ...refused, headers: { ...headers, 'retry-after': String(seconds) } };
}

function reply(status: number, answer: Input, { bot }: Workspace, method?: Method): WireReply {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': bot.scopes.join(','),
  };
  if (method?.scope) headers['x-accepted-oauth-scopes'] = method.scope;
  return { status, headers, body: JSON.stringify(answer) };
}
