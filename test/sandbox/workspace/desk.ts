// One sandbox that a person plays on: what they do is done one thing after the other, and kept.
import { HOUR, WEEK } from '../clock.ts';
import { createKey, removeKey, removeUser, tag, turnOff, turnOn } from '../play/console.ts';
import { credentialsOf, readSecret, secretPath } from '../play/outcome.ts';
import { applicationUses, deliver, drain, run } from '../play/play.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { AwsError } from '../servers/aws/service.ts';
import { showCommandAnswer, showModalAnswer } from '../servers/slack/ack.ts';
import { findMessage } from '../servers/slack/conversations.ts';
import { SlackError } from '../servers/slack/method.ts';
import { fillables, pressables, type Shown } from '../servers/slack/pressables.ts';
import { nextTs, type ShownView } from '../servers/slack/workspace.ts';
import { type Watch, watchOver } from '../watch.ts';
import type { Act } from './acts.ts';
import { type CallLog, callLog } from './call-log.ts';
import { type Kept, keep, readKept, restore } from './kept-state.ts';
import { SCENES, type SceneName } from './scenes.ts';
import { nextMorning, onTheQuarter, passUntil } from './time-passes.ts';
import { type TroubleName, type Troubles, troubles } from './trouble.ts';

/** What came of an act. `said` is for the person who did it, and for nobody else. */
export interface Outcome {
  ok: boolean;
  said?: string;
  /** It was queued, and is not done: it waits to be tried again, or was given up. */
  waits?: true;
  /** What a form complains of, by block id. */
  errors?: Record<string, string>;
  /** A secret's value, as AWS answered whoever asked for it. */
  secret?: string;
}

/** What came of a press that was not carried out at once, and what its message showed when all else was done. */
export interface Warning extends Outcome {
  drawn: string;
}

/** What the page reads of it. */
export interface Desk {
  readonly sandbox: Sandbox;
  readonly watch: Watch;
  readonly scene: SceneName;
  readonly troubles: Troubles;
  readonly log: CallLog;
  /** By person and channel: the last message they have seen. */
  readonly seen: Map<string, string>;
  /** By person, channel and ts: what Slack says at a message of the last press there. */
  readonly warnings: Map<string, Warning>;
  /** Never rejects: what goes wrong is said. */
  do(act: Act): Promise<Outcome>;
  /** Called after every change. Returns how to stop that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

interface State {
  sandbox: Sandbox;
  watch: Watch;
  scene: SceneName;
  seen: Map<string, string>;
  warnings: Map<string, Warning>;
}

/** @param file where the state is kept between runs. @param anew forgets what is kept there. */
export async function openDesk(file: string, anew: boolean): Promise<Desk> {
  const log = callLog();
  const trouble = troubles();
  const listeners = new Set<() => void>();
  let state = (!anew && (await resumed(file))) || (await fresh('first-message'));
  listen();
  let last: Promise<unknown> = Promise.resolve();

  function listen(): void {
    const { aws, slack } = state.sandbox;
    for (const wire of [aws.wire, slack.wire])
      wire.interfere((call) => {
        log.add(call);
        return trouble.faultFor(call);
      });
  }

  async function begin(scene: SceneName): Promise<void> {
    await state.sandbox.close().catch(() => undefined);
    trouble.clear();
    log.clear();
    state = await fresh(scene, listenTo);
  }

  function listenTo(next: State): void {
    state = next;
    listen();
  }

  async function perform(act: Act): Promise<Outcome> {
    if (act.kind === 'scene') {
      if (!act.again && act.name === state.scene) return { ok: true };
      await begin(act.name);
      return { ok: true };
    }
    if (act.kind === 'trouble') {
      trouble.set(act.name as TroubleName, act.on);
      return { ok: true };
    }
    return inSandbox(state, act, { log, isLate: trouble.isLate, moved: tellAll });
  }

  async function doNow(act: Act): Promise<Outcome> {
    const since = state.sandbox.clock.now();
    const outcome = await perform(act).catch(explained);
    if (act.kind !== 'scene') await onTheQuarter(state.sandbox, since);
    state.watch.look();
    if (act.kind === 'press') warn(state, act, outcome);
    await keep(file, state).catch((error) => console.error(`The workspace could not be kept: ${error}`));
    tellAll();
    return outcome;
  }

  function tellAll(): void {
    for (const listener of listeners) listener();
  }

  return {
    get sandbox() {
      return state.sandbox;
    },
    get watch() {
      return state.watch;
    },
    get scene() {
      return state.scene;
    },
    get seen() {
      return state.seen;
    },
    get warnings() {
      return state.warnings;
    },
    troubles: trouble,
    log,
    do(act) {
      const done = last.then(() => doNow(act));
      last = done;
      return done;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await last;
      await state.sandbox.close();
    },
  };
}

async function fresh(scene: SceneName, before: (state: State) => void = () => {}): Promise<State> {
  const { play, mode } = SCENES[scene];
  const state = watched(await startSandbox({ mode: mode ?? 'live' }), scene);
  before(state);
  await run(state.sandbox, 'check');
  await run(state.sandbox, 'sweep');
  await play?.(state.sandbox);
  return state;
}

/** undefined where nothing is kept, or nothing that this version can read. */
async function resumed(file: string): Promise<State | undefined> {
  const kept: Kept | undefined = await readKept(file);
  if (!kept) return undefined;
  const sandbox = await startSandbox({ mode: SCENES[kept.scene].mode ?? 'live' });
  await restore(sandbox, kept);
  return { ...watched(sandbox, kept.scene), seen: new Map(kept.seen) };
}

/** While time stands still, whoever presses presses within the same second. */
function watched(sandbox: Sandbox, scene: SceneName): State {
  return {
    sandbox,
    scene,
    watch: watchOver(sandbox, Number.POSITIVE_INFINITY),
    seen: new Map(),
    warnings: new Map(),
  };
}

function warn({ sandbox, warnings }: State, { person, channel, ts }: Given<'press'>, outcome: Outcome): void {
  const message = findMessage(sandbox.slack.workspace, channel, ts);
  const at = `${person} ${channel} ${ts}`;
  if (outcome.ok || !message) warnings.delete(at);
  else warnings.set(at, { ...outcome, drawn: JSON.stringify(message.blocks) });
}

/** Slack waits so long for an app. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const SLACK_WAITS_MS = 3000;

function explained(error: unknown): Outcome {
  if (error instanceof Waits) return { ok: false, said: error.message, waits: true };
  if (error instanceof AwsError) return { ok: false, said: `AWS: ${error.code}. ${error.message}` };
  return { ok: false, said: error instanceof Error ? error.message : String(error) };
}

type SandboxAct = Exclude<Act, { kind: 'scene' | 'trouble' }>;

/** The way from Slack to keyrotate. */
interface Way {
  log: CallLog;
  isLate(): boolean;
  /** It is later now. */
  moved(): void;
}

async function inSandbox({ sandbox, watch, seen }: State, act: SandboxAct, way: Way): Promise<Outcome> {
  switch (act.kind) {
    case 'read':
      seen.set(`${act.person} ${act.channel}`, act.upTo);
      return { ok: true };
    case 'press':
      return press(sandbox, act, way);
    case 'openHome':
      await answered(sandbox, sandbox.slack.people.appHomeOpened({ user: act.person }), 'opened: Home', way);
      return { ok: true };
    case 'inHome':
      return inHome(sandbox, act, way);
    case 'pressInForm':
      return pressInForm(sandbox, act, way);
    case 'submit':
      return submit(sandbox, act, way);
    case 'dismiss':
      sandbox.slack.workspace.modals.delete(act.view);
      return { ok: true };
    case 'type':
      return type(sandbox, act, way);
    case 'console':
      return inConsole(sandbox, act);
    case 'fetch':
      return fetchSecret(sandbox, act);
    case 'use':
      return use(sandbox, act);
    case 'wait':
      await passUntil(sandbox, watch, untilOf(sandbox, act.until), way.moved);
      return { ok: true };
    case 'run':
      await run(sandbox, act.task);
      return { ok: true };
  }
}

function untilOf({ clock }: Sandbox, until: 'hour' | 'morning' | 'week'): number {
  if (until === 'morning') return nextMorning(clock.now());
  return clock.now() + (until === 'hour' ? HOUR : WEEK);
}

type Given<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>;

async function press(sandbox: Sandbox, act: Given<'press'>, way: Way): Promise<Outcome> {
  const { workspace } = sandbox.slack;
  const message = findMessage(workspace, act.channel, act.ts);
  if (!message) throw new Error('This message is not there any more.');
  const { button, nth } = pressedIn(message, act);
  const request = sandbox.slack.people.click({ user: act.person, message, button, nth });
  await answered(sandbox, request, `press: ${button}`, way);
  return { ok: true };
}

/** By its label, and which of several that read the same. */
function pressedIn(
  shown: Shown,
  act: Pick<Given<'press'>, 'block' | 'action' | 'option'>,
): { button: string; nth: number } {
  const all = pressables(shown);
  const index = all.findIndex(
    ({ block, element, option }) =>
      block.block_id === act.block && element.action_id === act.action && option?.value === act.option,
  );
  const pressed = all[index];
  if (!pressed) throw new Error('This button is not there any more.');
  const nth = all.slice(0, index + 1).filter(({ label }) => label === pressed.label).length;
  return { button: pressed.label, nth };
}

async function inHome(sandbox: Sandbox, act: Given<'inHome'>, way: Way): Promise<Outcome> {
  const { person: user, given } = act;
  const { people, workspace } = sandbox.slack;
  const shown = workspace.homes.get(user);
  if (!shown) throw new Error('Home is not there any more.');
  if (given === undefined) {
    const pressed = pressedIn(shown.view, act);
    await answered(sandbox, people.clickInHome({ user, ...pressed }), `press: ${pressed.button}`, way);
    return { ok: true };
  }
  const { label } = fillables(shown.view).find(({ element }) => element.action_id === act.action) ?? {};
  if (label === undefined) throw new Error('This is not there any more.');
  await answered(sandbox, people.fillInHome({ user, label, given }), `given: ${label}`, way);
  return { ok: true };
}

async function submit(sandbox: Sandbox, act: Given<'submit'>, way: Way): Promise<Outcome> {
  const { workspace, people } = sandbox.slack;
  const view = formOf(sandbox, act.view);
  const values = byLabel(view, act.values);
  let errors: Record<string, string> = {};
  const request = people.submit({ view, values });
  await answered(sandbox, request, `submit: ${view.view.title.text}`, way, (reply) => {
    errors = showModalAnswer({ workspace, clock: sandbox.clock }, view, reply);
  });
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true };
}

/** A button, or Enter in a field that is heard of at once. */
async function pressInForm(sandbox: Sandbox, act: Given<'pressInForm'>, way: Way): Promise<Outcome> {
  const view = formOf(sandbox, act.view);
  const pressed = pressables(view.view).find(
    ({ block, element }) => block.block_id === act.block && element.action_id === act.action,
  );
  const button = pressed?.label ?? labelsOf(view).get(act.block) ?? '';
  const values = byLabel(view, act.values);
  const request = sandbox.slack.people.clickInModal({ view, button, values });
  await answered(sandbox, request, `press: ${button}`, way);
  return { ok: true };
}

function formOf({ slack }: Sandbox, id: string): ShownView {
  const view = slack.workspace.modals.get(id);
  if (!view) throw new Error('This form is not open any more.');
  return view;
}

function labelsOf({ view }: ShownView): Map<string, string> {
  return new Map(
    view.blocks.flatMap((block) =>
      block.type === 'input' ? [[block.block_id ?? '', block.label.text] as const] : [],
    ),
  );
}

/** What was filled in, by the labels of its fields instead of their blocks. */
function byLabel(view: ShownView, values: Record<string, string>): Record<string, string> {
  const labels = labelsOf(view);
  return Object.fromEntries(
    Object.entries(values).flatMap(([block, value]) => {
      const label = labels.get(block);
      return value === '' || label === undefined ? [] : [[label, value]];
    }),
  );
}

async function type(sandbox: Sandbox, act: Given<'type'>, way: Way): Promise<Outcome> {
  const { workspace, people } = sandbox.slack;
  const { person, channel, thread } = act;
  const slack = { workspace, clock: sandbox.clock };
  const [, text] = /^\/keyrotate(?:\s+([\s\S]*))?$/.exec(act.text) ?? [];
  if (act.text.startsWith('/') && !/^\/keyrotate(\s|$)/.test(act.text))
    throw new Error(`${act.text.split(/\s/)[0]} is not a valid command. Here there is only /keyrotate.`);
  if (act.text.startsWith('/') && thread !== undefined)
    throw new Error('/keyrotate is not supported in threads. Sorry!');
  if (act.text.startsWith('/')) {
    const request = people.slashCommand({ user: person, channel, text: (text ?? '').trim() });
    await answered(sandbox, request, act.text, way, (reply) => {
      showCommandAnswer(slack, { user: person, channel }, reply);
    });
    return { ok: true };
  }
  if (workspace.channels.get(channel)?.im === person) {
    const request = people.sent({ message: people.write({ user: person, text: act.text, thread }) });
    if (request) await answered(sandbox, request, `message: ${act.text}`, way);
    return { ok: true };
  }
  const ts = nextTs(workspace, sandbox.clock);
  const message = { ts, channel, user: person, text: act.text, blocks: [], ...(thread && { thread }) };
  workspace.channels.get(channel)?.messages.push(message);
  return { ok: true };
}

class Waits extends Error {
  override readonly message =
    'keyrotate took this, and could not do it so far: what it asked was not answered (see Calls). It tries again as time passes.';
}

/** What Slack does with a request: it waits for three seconds, and tells the person what the app did not say. */
async function answered(
  sandbox: Sandbox,
  request: unknown,
  title: string,
  { log, isLate }: Way,
  show: (reply: { statusCode: number; body?: string }) => void = (reply) => {
    if (reply.statusCode !== 200) throw new SlackError('dispatch_failed');
  },
): Promise<void> {
  const before = undone(sandbox);
  const sent = log.send(sandbox.clock.now(), title, request);
  const reply = deliver(sandbox, request).catch(() => ({ statusCode: 500, body: '' }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SLACK_WAITS_MS);
  });
  const first = isLate() ? undefined : await Promise.race([reply, late]);
  clearTimeout(timer);
  try {
    if (!first) throw new Error('keyrotate didn’t respond in time (operation_timeout). Try again.');
    sent.answered(first);
    show(first);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    throw new Error(`keyrotate failed with the error “${error.code}”. Try again.`);
  } finally {
    // Too late for Slack, it is queued all the same.
    await reply;
    await drain(sandbox);
  }
  // In Slack nothing at all would be seen of it.
  if (undone(sandbox) > before) throw new Waits();
}

/** What people asked for, and what waits or was given up. */
function undone({ aws }: Sandbox): number {
  const queues = [...aws.sqs.state.queues.values()];
  const ofPeople = queues.filter(({ settings }) => /clicks(-dead)?\.fifo$/.test(settings.name));
  return ofPeople.reduce((sum, { messages }) => sum + messages.length, 0);
}

async function inConsole(sandbox: Sandbox, act: Given<'console'>): Promise<Outcome> {
  const { user, key = '' } = act;
  switch (act.what) {
    case 'createKey':
      createKey(sandbox, user);
      break;
    case 'turnOff':
      turnOff(sandbox, user, key);
      break;
    case 'turnOn':
      turnOn(sandbox, user, key);
      break;
    case 'deleteKey':
      removeKey(sandbox, user, key);
      break;
    case 'deleteUser':
      removeUser(sandbox, user);
      break;
    case 'tag':
      tag(sandbox, user, { [act.tag ?? '']: act.value ?? '' });
  }
  return { ok: true, said: 'Done in AWS, past keyrotate. A sweep will see it.' };
}

async function use(sandbox: Sandbox, { key, service }: Given<'use'>): Promise<Outcome> {
  const ok = await applicationUses(sandbox, key, service);
  const end = `…${key.slice(-4)}`;
  if (!ok) return { ok: false, said: `AWS refused ${end}: the key is off, or gone.` };
  return { ok, said: `An application called ${service} with ${end}. AWS will say so.` };
}

/** With the user's own key, as the message on the card says. */
async function fetchSecret(sandbox: Sandbox, { user, key }: Given<'fetch'>): Promise<Outcome> {
  const path = secretPath(sandbox, user);
  const answer = await readSecret(sandbox, credentialsOf(sandbox, user, key), path);
  if ('refused' in answer) return { ok: false, said: `AWS refused: ${answer.refused}` };
  return { ok: true, said: `Fetched ${path} with …${key.slice(-4)}.`, secret: answer.value };
}
