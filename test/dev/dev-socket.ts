// The connection to Slack: each envelope becomes the request that Slack would have posted, and is acknowledged with what came of it.
import { setTimeout as pause } from 'node:timers/promises';
import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode';
import { type ContentType, type Sender, signedRequest } from '../sandbox/servers/slack/signed-request.ts';

export interface SocketOptions {
  appToken: string;
  /** The app that must be at the other end. */
  appId: string;
  slackApiUrl: string | undefined;
  sender: Sender;
  /** The slack function. */
  invoke(request: unknown): Promise<HttpReply>;
  tell(line: string): void;
  /** Called when there is no way on. */
  giveUp(why: string): void;
}

export interface HttpReply {
  statusCode: number;
  body?: string;
}

/** As the library hands it over. */
interface Given {
  ack(response?: unknown): Promise<void>;
  type: string;
  body: Record<string, unknown>;
  retry_num?: number;
  retry_reason?: string;
  accepts_response_payload: boolean;
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  // What these say may quote what people wrote.
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** A connection that ends sooner was not wanted: the next one waits. Slack lets each live for hours. */
const SHORT_MS = 10_000;
const PAUSE_MS = 5000;

/** Resolves once Slack has said hello. It connects anew whenever the connection ends: the library itself would wait first. */
export async function openSocket(options: SocketOptions): Promise<{ close(): Promise<void> }> {
  const { appToken, slackApiUrl, tell } = options;
  let isOver = false;
  const client = new SocketModeClient({
    ...{ appToken, logger: SILENT, autoReconnectEnabled: false },
    ...(slackApiUrl && { clientOptions: { slackApiUrl } }),
  });
  client.on('slack_event', (given: Given) => void answer(given, options));
  client.on('ws_message', (data: unknown) => heed(JSON.parse(String(data))));

  function heed(message: { type?: string; reason?: string } & Hello): void {
    if (message.type === 'hello') greeted(message);
    else if (message.reason === 'link_disabled')
      stop('Socket Mode is off for this app: turn it on in its settings under Socket Mode, and start again.');
  }

  function greeted({ num_connections: all = 1, connection_info: { app_id } = {} }: Hello): void {
    if (app_id === undefined || app_id === options.appId) {
      tell('Connected to Slack.');
      if (all > 1)
        tell(
          `This app has ${all} connections: Slack gives each press to any one of them. Stop the others, or use an app of your own.`,
        );
    } else
      stop(
        `SLACK_APP_TOKEN is of the app ${app_id}, SLACK_BOT_TOKEN of ${options.appId}: take both from one app.`,
      );
  }

  function stop(why: string): void {
    void close();
    options.giveUp(why);
  }

  async function close(): Promise<void> {
    isOver = true;
    await client.disconnect();
  }

  async function stayConnected(): Promise<void> {
    for (let ended = connectionsEnd(client); !isOver; ended = connectionsEnd(client)) {
      const since = Date.now();
      await ended;
      if (isOver) return;
      tell('The connection to Slack ended. Connecting anew…');
      if (Date.now() - since < SHORT_MS) await pause(PAUSE_MS);
      while (!isOver && !(await isUp(client.start()))) {
        tell('Slack does not let it connect. Trying again…');
        await pause(PAUSE_MS);
      }
    }
  }

  if (!(await isUp(client.start())) && !isOver)
    throw new Error('Slack did not take the connection: does a firewall here keep WebSockets from leaving?');
  void stayConnected();
  return { close };
}

function connectionsEnd(client: SocketModeClient): Promise<unknown> {
  return new Promise((resolve) => client.once('disconnected', resolve));
}

function isUp(starting: Promise<unknown>): Promise<boolean> {
  return starting.then(
    () => true,
    () => false,
  );
}

interface Hello {
  num_connections?: number;
  connection_info?: { app_id?: string };
}

/** What is not answered with 200 is not acknowledged: Slack then says so, and sends an event again. */
async function answer(given: Given, { sender, invoke, tell }: SocketOptions): Promise<void> {
  const { ack, accepts_response_payload: takesAnswer } = given;
  const request = requestOf(given, sender);
  if (!request) return;
  const began = performance.now();
  const reply = await invoke(request).catch(() => ({ statusCode: 500 }) as HttpReply);
  const took = `${nameOf(given)}: ${reply.statusCode} after ${Math.round(performance.now() - began)} ms`;
  if (reply.statusCode !== 200) return tell(took);
  await ack(takesAnswer && reply.body ? parsed(reply.body) : undefined).then(
    () => tell(took),
    () => tell(`${took}; Slack was gone before it heard`),
  );
}

/** undefined for what Slack posts nowhere. */
function requestOf({ type, body, retry_num, retry_reason }: Given, sender: Sender) {
  const [contentType, text] = contentOf(type, body);
  if (!contentType) return undefined;
  // https://docs.slack.dev/apis/events-api/#retries
  const headers: Record<string, string> = retry_num
    ? { 'x-slack-retry-num': String(retry_num), 'x-slack-retry-reason': String(retry_reason) }
    : {};
  return signedRequest(sender, contentType, text, { headers });
}

/** https://docs.slack.dev/interactivity/handling-user-interaction#payloads, and those of commands and events. */
function contentOf(type: string, body: Record<string, unknown>): [ContentType | undefined, string] {
  const form = (fields: Record<string, unknown>) =>
    new URLSearchParams(
      Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
  if (type === 'slash_commands') return ['application/x-www-form-urlencoded', form(body)];
  if (type === 'interactive')
    return ['application/x-www-form-urlencoded', form({ payload: JSON.stringify(body) })];
  return [type === 'events_api' ? 'application/json' : undefined, JSON.stringify(body)];
}

/** Of what somebody typed or wrote nothing is told. */
function nameOf({ type, body }: Given): string {
  const event = body.event as { type?: string } | undefined;
  return String((type === 'slash_commands' ? body.command : undefined) ?? event?.type ?? body.type);
}

/** A plain text stays one. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
