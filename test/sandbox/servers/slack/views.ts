// The views.* methods: modals and Home tabs.
import type { KnownBlock } from '@slack/types';
import { validateBlocks } from './blocks.ts';
import { withIds } from './content.ts';
import { plain } from './elements.ts';
import {
  complaints,
  type Input,
  knownMember,
  type Method,
  required,
  type Slack,
  SlackError,
  text,
} from './method.ts';
import { anything, flag, isObject, oneOf, type Rule, shape, string } from './rules.ts';
import { type Home, type Modal, nextId, type ShownView, type Workspace } from './workspace.ts';

const TRIGGER_LIFE_MS = 3000;

const common = { private_metadata: string(3000), callback_id: string(255), external_id: string(255) };

// https://docs.slack.dev/reference/views/modal-views and home-tab-views
const modal: Rule = shape(
  { type: oneOf('modal'), title: plain(24), blocks: anything },
  { ...common, close: plain(24), submit: plain(24), clear_on_close: flag, notify_on_close: flag },
);
const home: Rule = shape({ type: oneOf('home'), blocks: anything }, common);

function readView<V extends Modal | Home>(input: Input, type: V['type'], workspace: Workspace): V {
  const { view } = input;
  if (!isObject(view)) throw complaints('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  const faults = [
    ...(type === 'modal' ? modal : home)(view, '/view'),
    ...validateBlocks(view.blocks, type === 'modal' ? 'modal' : 'home'),
    ...(type === 'modal' && hasInput(view.blocks) && !view.submit
      ? ['submit is required when an input is within the blocks [json-pointer:/view]']
      : []),
  ];
  if (faults.length > 0) throw complaints('invalid_arguments', faults);
  if (JSON.stringify(view).length > 250_000) throw new SlackError('view_too_large');
  return { ...view, blocks: withIds(view.blocks as KnownBlock[], workspace) } as V;
}

function hasInput(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.some((block) => isObject(block) && block.type === 'input');
}

/** A view as answers and payloads carry it. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewPayload(shown: ShownView, { team, appId, bot }: Workspace): Record<string, unknown> {
  return {
    ...{ private_metadata: '', callback_id: '', external_id: '', state: { values: {} }, ...shown.view },
    ...{ id: shown.id, hash: shown.hash, team_id: team.id, app_id: appId, bot_id: bot.botId },
    ...{ root_view_id: shown.id, previous_view_id: null, app_installed_team_id: team.id },
  };
}

function newHash({ workspace, clock }: Slack): string {
  return `${Math.floor(clock.now() / 1000)}.${nextId(workspace, 'h')}`;
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
    const view = readView<Modal>(input, 'modal', slack.workspace);
    const user = exchangeTrigger(input, slack);
    const shown = { id: nextId(slack.workspace, 'V'), hash: newHash(slack), user, view };
    slack.workspace.modals.set(shown.id, shown);
    return { view: viewPayload(shown, slack.workspace) };
  },
};

function refuseStale(input: Input, shown: ShownView | undefined): void {
  const hash = text(input, 'hash');
  if (hash && hash !== shown?.hash) throw new SlackError('hash_conflict');
}

// https://docs.slack.dev/reference/methods/views.update
const update: Method = {
  run(input, slack) {
    const { modals } = slack.workspace;
    const [id, external] = [text(input, 'view_id'), text(input, 'external_id')];
    const shown = id
      ? modals.get(id)
      : [...modals.values()].find(({ view }) => external && view.external_id === external);
    if (!shown) throw new SlackError('not_found');
    refuseStale(input, shown);
    shown.view = readView<Modal>(input, 'modal', slack.workspace);
    shown.hash = newHash(slack);
    return { view: viewPayload(shown, slack.workspace) };
  },
};

// https://docs.slack.dev/reference/methods/views.publish
const publish: Method = {
  run(input, slack) {
    const { id: user } = knownMember(slack.workspace, required(input, 'user_id'));
    const before = slack.workspace.homes.get(user);
    refuseStale(input, before);
    const view = readView<Home>(input, 'home', slack.workspace);
    const shown = { id: before?.id ?? nextId(slack.workspace, 'V'), hash: newHash(slack), user, view };
    slack.workspace.homes.set(user, shown);
    return { view: viewPayload(shown, slack.workspace) };
  },
};

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.update': update,
  'views.publish': publish,
};
