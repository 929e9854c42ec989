// Requests as Slack makes them, of every kind, and what may be wrong with them.
import fc from 'fast-check';
import { TEXT, UNTIL } from '../../../src/adapters/slack/blocks/forms.ts';
import { LOOK, MENU_ID } from '../../../src/adapters/slack/blocks/press.ts';
import { MOVE_NAMES } from '../../../src/domain/transitions.ts';
import { HOSTILE } from '../../adapters/slack/hostile.ts';

type Json = Record<string, unknown>;

/** An interaction or an event travels as `payload`, a command and a check as fields of a form. */
export type Content = { payload: Json } | { event: Json } | { fields: Record<string, string> };

/** Who sends it, and what it may name. */
export interface Sender {
  slackId: string;
  teamId: string;
  appId: string;
  /** Where the card is that it was pressed on. */
  card: { channel: string; ts: string };
  /** `account/user` of what may be named. */
  targets: readonly string[];
  /** Seconds. */
  now(): number;
  /** A new one each time: SQS takes two of the same for one. */
  triggerId(): string;
}

/** Made anew each time: what is put somewhere may be changed there. */
const odd: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .constantFrom<unknown>(
      ...['', '__proto__', 'constructor', HOSTILE, '../../etc/passwd', '\u0000', '\ud800', 'null', '0'],
      ...[null, true, -1, 1e21, [], {}, [[]], 'x'.repeat(5000), '<@U0EVERYBODY>', 'https://example.org/'],
      ...[{ __proto__: null, toString: 'x', id: { id: 'U' } }, { length: 3 }, ['T000000001'], 'U000000ZZZ'],
    )
    .map((value) => () => structuredClone(value)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => () => structuredClone(value)),
  fc.integer({ min: 50, max: 500 }).map((depth) => () => nested(depth)),
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { value };
  return value;
}

type Change = (content: Json) => void;

/** Somewhere in it something is missing, or something else. */
const change: fc.Arbitrary<Change> = fc
  .record({
    where: fc.nat(),
    how: fc.constantFrom('remove', 'replace', 'wrap', 'add', 'list'),
    what: odd,
    as: fc.string({ maxLength: 20 }),
  })
  .map(({ where, how, what: make, as }) => (content) => {
    const what = make();
    const places = placesIn(content);
    const { holder, name } = places[where % places.length] ?? { holder: content, name: 'type' };
    if (how === 'remove') delete holder[name];
    else if (how === 'replace') holder[name] = what;
    else if (how === 'wrap') holder[name] = { [name]: holder[name], value: what };
    else if (how === 'list') holder[name] = [holder[name], what];
    else holder[as] = what;
  });

/** As deep as Slack's own payloads go. */
function placesIn(holder: Json, depth = 8): { holder: Json; name: string }[] {
  return Object.entries(holder).flatMap(([name, value]) => {
    const isDeeper = typeof value === 'object' && value !== null && depth > 0;
    return [{ holder, name }, ...(isDeeper ? placesIn(value as Json, depth - 1) : [])];
  });
}

export const changes = fc.array(change, { maxLength: 3 });

export function changed(content: Content, all: readonly Change[]): Content {
  const copy = structuredClone(content);
  for (const apply of all) apply(Object.values(copy)[0] as Json);
  return copy;
}

const ASSIGN = [
  'owners',
  'assignOwners:abc1',
  'assignOwners:',
  'assign:U0BEA1234',
  'assignChannel:C0TEAM123',
  'assign:<!channel>',
  'assign:',
];
const pressed = fc.constantFrom(
  ...MOVE_NAMES.flatMap((move) => [`move:${move}`, `insist:${move}`]),
  ...[...ASSIGN, 'show', MENU_ID, 'move:explode', 'move:__proto__', 'insist:toString', 'link', ''],
);
const nth = fc.nat();
const drawn = fc.constantFrom('', '#0', '#1', '#999999', '#-1', '#x');

const press = (what: fc.Arbitrary<string>) =>
  fc.record({ pressed: what, nth, drawn }).map((given) => (sender: Sender): Content => {
    const value = named(sender, given.nth) + given.drawn;
    const isMenu = given.pressed === MENU_ID;
    const chosen = { value: `move:${MOVE_NAMES[given.nth % MOVE_NAMES.length]}` };
    const action = isMenu
      ? { type: 'overflow', action_id: MENU_ID, block_id: value, selected_option: chosen }
      : { type: 'button', action_id: given.pressed, value };
    return {
      payload: {
        ...{ type: 'block_actions', ...from(sender) },
        container: { type: 'message', channel_id: sender.card.channel, message_ts: sender.card.ts },
        channel: { id: sender.card.channel },
        actions: [action],
        response_url: 'https://hooks.slack.com/actions/T1/2/3',
      },
    };
  });

const form = fc
  .record({
    asked: fc.constantFrom('move:postpone', 'move:notMine', 'move:confirmMigration', 'move:delete', ''),
    date: fc.constantFrom('2026-11-30', '1999-01-01', '9999-12-31', '2026-02-30', 'soon', ''),
    text: fc.oneof(fc.constantFrom('because', '', HOSTILE), fc.string({ unit: 'binary' })),
    ...{ nth, drawn },
  })
  .map((given) => (sender: Sender): Content => {
    const [account, userName] = named(sender, given.nth).split('/');
    const metadata = { account, userName, ...sender.card, drawn: Number(given.drawn.slice(1)) };
    return {
      payload: {
        ...{ type: 'view_submission', ...from(sender) },
        view: {
          id: sender.triggerId(),
          callback_id: given.asked,
          private_metadata: JSON.stringify(metadata),
          state: {
            values: {
              [TEXT]: { [TEXT]: { value: given.text } },
              [UNTIL]: { [UNTIL]: { selected_date: given.date } },
            },
          },
        },
      },
    };
  });

/** The form for owners, sent, or pressed in. */
const ownersForm = fc
  .record({
    asked: fc.constantFrom('owners', 'assignOwners:abc1', 'waiting', 'owners:mend:abc1', ''),
    action: fc.constantFrom('owners:search', 'owners:table', 'owners:page:0', 'owners:mend:abc1', 'owners:x'),
    text: fc.oneof(
      fc.constantFrom('* -> U000000ZZZ', 'user,owner\nx,y', '', HOSTILE),
      fc.string({ unit: 'binary' }),
    ),
    isSent: fc.boolean(),
    nth,
  })
  .map(({ asked, action, text, isSent, nth: which }) => (sender: Sender): Content => {
    const chosen = [{ value: named(sender, which) }];
    const view = {
      ...{ id: sender.triggerId(), type: 'modal', callback_id: asked },
      private_metadata: JSON.stringify({ channel: sender.card.channel, search: text.slice(0, 64) }),
      state: {
        values: {
          a: { rules: { value: text }, 'owners:search': { value: text } },
          b: { users: { selected_options: text ? [] : chosen }, person: { selected_user: sender.slackId } },
        },
      },
    };
    const actions = [{ type: 'button', action_id: action, value: text }];
    const container = { type: 'view', view_id: view.id };
    const sent = { type: 'view_submission', ...from(sender), view };
    const pressedThere = { type: 'block_actions', ...from(sender), container, view, actions };
    return { payload: isSent ? sent : pressedThere };
  });

const WORDS = [
  ...['help', 'status', 'list', 'rotate', 'show', 'assign', 'unassign', 'summary', 'sweep', 'x'],
  ...['owners', 'owners csv', 'owners * ->', 'user,owner\n'],
];
const command = (words: readonly string[]) =>
  fc
    .record({
      ...{ word: fc.constantFrom(...words), nth },
      rest: fc.oneof(
        fc.constantFrom('', '<@U000000ZZZ>', '<#C0TEAM123|x>', '<!channel>', 'prod/', '`x`', HOSTILE),
        fc.string({ unit: 'binary', maxLength: 80 }),
      ),
      isNamed: fc.boolean(),
    })
    .map((given) => (sender: Sender): Content => {
      const target = given.isNamed ? named(sender, given.nth) : '';
      return {
        fields: {
          ...{ command: '/keyrotate', text: `${given.word} ${target} ${given.rest}` },
          ...{ user_id: sender.slackId, channel_id: sender.card.channel, trigger_id: sender.triggerId() },
          ...{ team_id: sender.teamId, api_app_id: sender.appId },
          response_url: 'https://hooks.slack.com/commands/T1/2/3',
        },
      };
    });

/** Home: opened, and whatever can be pressed or typed there. */
const inHome = (what: fc.Arbitrary<string>) =>
  fc
    .record({
      pressed: fc.oneof(what, fc.constantFrom(...Object.values(LOOK))),
      nth,
      drawn,
      typed: fc.string(),
    })
    .map((given) => (sender: Sender): Content => {
      const value = given.typed.length % 2 ? given.typed : named(sender, given.nth) + given.drawn;
      const action = { type: 'button', action_id: given.pressed, value, selected_user: sender.slackId };
      return {
        payload: {
          ...{ type: 'block_actions', ...from(sender) },
          container: { type: 'view', view_id: 'V1' },
          view: { id: 'V1', type: 'home', hash: '1.a' },
          actions: [action],
        },
      };
    });

const opening = fc.constant((sender: Sender): Content => {
  const { slackId: user, teamId: team_id, appId: api_app_id } = sender;
  const event = { type: 'app_home_opened', user, tab: 'home', channel: sender.card.channel };
  return {
    event: {
      ...{ type: 'event_callback', team_id, api_app_id, event },
      ...{ event_id: sender.triggerId(), event_time: sender.now() },
    },
  };
});

/** Written to the bot: what a command may say, without the slash. */
const message = (words: readonly string[]) =>
  command(words).map((typing) => (sender: Sender): Content => {
    const content = typing(sender);
    const text = 'fields' in content ? content.fields.text : '';
    const { slackId: user, teamId: team_id, appId: api_app_id, card } = sender;
    const event = { type: 'message', channel_type: 'im', user, channel: card.channel, text };
    const event_id = sender.triggerId();
    return {
      event: {
        ...{ type: 'event_callback', team_id, api_app_id, event },
        event_id,
        event_time: sender.now(),
      },
    };
  });

const other = fc.constantFrom(
  ...['message_action', 'shortcut', 'view_closed', 'block_suggestion', 'dialog_submission', 'workflow_step'],
);

const rest: fc.Arbitrary<(sender: Sender) => Content> = fc.oneof(
  other.map((type) => (sender: Sender) => ({ payload: { type, ...from(sender) } })),
  fc.constant(({ slackId, teamId, appId }: Sender) => {
    const event = { type: 'app_home_opened', user: slackId, tab: 'home', channel: 'D1' };
    return { event: { type: 'event_callback', team_id: teamId, api_app_id: appId, event, event_id: 'Ev1' } };
  }),
  fc.constant(() => ({ event: { type: 'url_verification', token: 'legacy', challenge: 'x1' } })),
  fc.constant(() => ({ fields: { ssl_check: '1', token: 'legacy' } })),
);

/** A request of any kind. */
export const anyContent = contentWith(WORDS);

/** Without the word that brings owners their own cards. */
export const anyOwnersContent = contentWith(WORDS.filter((word) => word !== 'rotate'));

function contentWith(words: readonly string[]) {
  return fc.oneof(
    { weight: 5, arbitrary: press(pressed) },
    { weight: 3, arbitrary: form },
    { weight: 2, arbitrary: ownersForm },
    { weight: 3, arbitrary: command(words) },
    { weight: 2, arbitrary: message(words) },
    { weight: 2, arbitrary: inHome(pressed) },
    { weight: 1, arbitrary: opening },
    { weight: 1, arbitrary: rest },
  );
}

/** A press of a button that makes a move, or a form submitted. */
export const anyPress = fc.oneof(press(pressed.filter((id) => id !== 'show')), form);

function from({ slackId, teamId, appId, triggerId }: Sender): Json {
  return {
    ...{ api_app_id: appId, team: { id: teamId }, user: { id: slackId, team_id: teamId } },
    trigger_id: triggerId(),
  };
}

function named({ targets }: Sender, nth: number): string {
  return targets[nth % targets.length] ?? '';
}
