// How a modal is opened and replaced by another, and how somebody's Home is published.
import type { KnownBlock } from '@slack/types';
import { validateBlocks } from './blocks.ts';
import { withIds } from './content.ts';
import { plain } from './elements.ts';
import { complaints, type Input, type Method, required, type Slack, SlackError, text } from './method.ts';
import { anything, flag, isObject, oneOf, shape, string, wrong } from './rules.ts';
import { type Home, type Modal, nextId, type ShownView, type Workspace } from './workspace.ts';

const TRIGGER_LIFE_MS = 3000;

// https://docs.slack.dev/reference/views/modal-views
const modal = shape(
  { type: oneOf('modal'), title: plain(24), blocks: anything },
  {
    ...{ private_metadata: string(3000), callback_id: string(255), external_id: string(255) },
    ...{ close: plain(24), submit: plain(24), clear_on_close: flag, notify_on_close: flag },
  },
);

export function readView({ view }: Input, workspace: Workspace): Modal {
  if (!isObject(view)) throw complaints('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  const faults = [
    ...modal(view, '/view'),
    ...validateBlocks(view.blocks, 'modal'),
    ...(hasInput(view.blocks) && !view.submit
      ? ['submit is required when an input is within the blocks [json-pointer:/view]']
      : []),
  ];
  if (faults.length > 0) throw complaints('invalid_arguments', faults);
  if (JSON.stringify(view).length > 250_000) throw new SlackError('view_too_large');
  return { ...view, blocks: withIds(view.blocks as KnownBlock[], workspace) } as Modal;
}

// https://docs.slack.dev/reference/views/home-tab-views
const home = shape(
  { type: oneOf('home'), blocks: anything },
  { private_metadata: string(3000), callback_id: string(255), external_id: string(255) },
);

function readHome({ view }: Input, workspace: Workspace): Home {
  if (!isObject(view)) throw complaints('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  const faults = [
    ...home(view, '/view'),
    ...validateBlocks(view.blocks, 'home'),
    ...strangeCharts(view, workspace),
  ];
  if (faults.length > 0) throw complaints('invalid_arguments', faults);
  if (JSON.stringify(view).length > 250_000) throw new SlackError('view_too_large');
  return { ...view, blocks: withIds(view.blocks as KnownBlock[], workspace) } as Home;
}

/** A block that has not come to the workspace is as good as none. */
function strangeCharts({ blocks }: Input, { bot: { takesCharts } }: Workspace): string[] {
  if (takesCharts || !Array.isArray(blocks)) return [];
  return blocks.flatMap(({ type }, nth) =>
    type === 'data_visualization' ? wrong(`unsupported type: ${type}`, `/view/blocks/${nth}/type`) : [],
  );
}

function hasInput(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.some((block) => isObject(block) && block.type === 'input');
}

/** A view as answers and payloads carry it. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewPayload(
  shown: ShownView<Modal | Home>,
  { team, appId, bot }: Workspace,
): Record<string, unknown> {
  return {
    ...{ private_metadata: '', callback_id: '', external_id: '', state: { values: {} }, ...shown.view },
    ...{ id: shown.id, hash: shown.hash, team_id: team.id, app_id: appId, bot_id: bot.botId },
    ...{ root_view_id: shown.id, previous_view_id: null, app_installed_team_id: team.id },
  };
}

/** Three seconds, once. https://docs.slack.dev/interactivity/handling-user-interaction */
function exchangeTrigger(input: Input, { workspace, clock }: Slack): string {
  const trigger = workspace.triggers.get(required(input, 'trigger_id'));
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (clock.now() - trigger.createdAt > TRIGGER_LIFE_MS) throw new SlackError('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

// https://docs.slack.dev/reference/methods/views.open
const open: Method = {
  run(input, slack) {
    const { workspace } = slack;
    const view = readView(input, workspace);
    const user = exchangeTrigger(input, slack);
    const shown = { id: nextId(workspace, 'V'), hash: nextHash(slack), user, view };
    refuseDuplicate(shown, workspace);
    workspace.modals.set(shown.id, shown);
    return { view: viewPayload(shown, workspace) };
  },
};

// https://docs.slack.dev/reference/methods/views.publish
const publish: Method = {
  run(input, slack) {
    const { workspace } = slack;
    const user = required(input, 'user_id');
    const member = workspace.members.get(user);
    if (!member || member.deleted) throw complaints('invalid_arguments', ['invalid `user_id`']);
    if (!workspace.bot.hasHomeTab) throw new SlackError('not_enabled');
    const view = readHome(input, workspace);
    const before = workspace.homes.get(user);
    const hash = text(input, 'hash');
    if (hash !== undefined && hash !== before?.hash) throw new SlackError('hash_conflict');
    const shown = { id: before?.id ?? nextId(workspace, 'V'), hash: nextHash(slack), user, view };
    workspace.homes.set(user, shown);
    return { view: viewPayload(shown, workspace) };
  },
};

function nextHash({ workspace, clock }: Slack): string {
  return `${Math.floor(clock.now() / 1000)}.${nextId(workspace, 'h')}`;
}

/** Puts another view in its place. Only what it says itself is known of it afterwards. */
export function replaceView({ workspace, clock }: Slack, shown: ShownView, view: unknown): ShownView {
  const next = { ...shown, view: readView({ view }, workspace), hash: nextHash({ workspace, clock }) };
  refuseDuplicate(next, workspace);
  workspace.modals.set(shown.id, next);
  return next;
}

function refuseDuplicate(
  { id, view: { external_id } }: Pick<ShownView, 'id' | 'view'>,
  { modals }: Workspace,
) {
  if (!external_id) return;
  const others = [...modals.values()].filter((one) => one.id !== id);
  if (others.some(({ view }) => view.external_id === external_id))
    throw new SlackError('duplicate_external_id');
}

// https://docs.slack.dev/reference/methods/views.update
const update: Method = {
  run(input, slack) {
    const { modals } = slack.workspace;
    const [viewId, externalId] = [text(input, 'view_id'), text(input, 'external_id')];
    if ((viewId === undefined) === (externalId === undefined)) throw new SlackError('invalid_arguments');
    const shown = [...modals.values()].find(({ id, view }) =>
      viewId === undefined ? view.external_id === externalId : id === viewId,
    );
    if (!shown) throw new SlackError('not_found');
    const hash = text(input, 'hash');
    if (hash !== undefined && hash !== shown.hash) throw new SlackError('hash_conflict');
    return { view: viewPayload(replaceView(slack, shown, input.view), slack.workspace) };
  },
};

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.publish': publish,
  'views.update': update,
};
