// Home on its way in: that it was opened, and what is pressed or typed there, in the name of who did.
import type { KnownBlock } from '@slack/types';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildHome } from '../../../../src/adapters/slack/blocks/home.ts';
import { LOOK } from '../../../../src/adapters/slack/blocks/press.ts';
import { OutsideError } from '../../../../src/usecases/errors.ts';
import { viewMethods } from '../../../sandbox/servers/slack/views.ts';
import { NOW, POLICY, userAt, viewOf } from '../fixtures.ts';
import { QUIET } from '../summaries.ts';
import { type Door, door } from './door.ts';

let at: Door;

beforeEach(() => {
  at = door();
});

const others = { at: NOW, users: [], more: 0, ofChannels: 0, unanswered: [], channelsUnanswered: false };
const page = buildHome(
  {
    ...{ kind: 'own', at: NOW, keys: { open: [userAt('due')], others } },
    organisation: { summary: QUIET, trend: [] },
  },
  {
    ...{ accountName: () => undefined, personName: () => undefined, helpers: {} },
    ...{ view: (user, as) => viewOf(user, { as }), policy: () => POLICY },
  },
  'drawn',
);

/** Ana's Home. Returns its hash. */
function publish(blocks: unknown = page.blocks): string {
  const view = { type: 'home', blocks };
  viewMethods['views.publish']?.run(
    { user_id: at.ana.id, view },
    { workspace: at.workspace, clock: at.clock },
  );
  return at.workspace.homes.get(at.ana.id)?.hash ?? '';
}

const user = () => ({ user: at.ana.id });
const FIND = 'Find an IAM user';

describe('Home', () => {
  it('that was opened is drawn for whoever opened it, over what stands there', async () => {
    await at.receive(at.act.appHomeOpened(user()));
    const hash = publish();
    await at.receive(at.act.appHomeOpened(user()));
    expect(at.jobs()).toMatchObject([
      { command: { name: 'home' }, personId: at.ana.id, place: { channel: '', home: {} } },
      { command: { name: 'home' }, personId: at.ana.id, place: { channel: '', home: { hash } } },
    ]);
    expect(at.jobs()[0]?.id).not.toBe(at.jobs()[1]?.id);
  });

  it('has the buttons of a card, whose presses name the drawing and are answered there', async () => {
    const hash = publish();
    expect(await at.receive(at.act.clickInHome({ ...user(), button: 'Create new key' }))).toEqual({
      statusCode: 200,
      body: '',
    });
    const move = { kind: 'click', move: 'createKey', personId: at.ana.id };
    expect(at.jobs()).toMatchObject([{ ...move, place: { channel: '', drawing: 'd1.e2', home: { hash } } }]);
  });

  it('opens forms, whose answers are told there as well', async () => {
    const hash = publish();
    await at.receive(at.act.clickInHome({ ...user(), button: 'I need more time' }));
    const view = at.form();
    if (!view) throw new Error('no form');
    await at.receive(at.act.submit({ view, values: { 'Until when?': '2026-12-20', 'Why?': 'a vendor' } }));
    expect(at.jobs()).toMatchObject([{ move: 'postpone', place: { channel: '', home: { hash } } }]);
  });

  it('has Slack mark the button whose form does not open: nothing could be said there', async () => {
    publish();
    at.fakes.openForm = () => Promise.reject(new OutsideError('unknown', 'views.open', 'ETIMEDOUT'));
    const press = at.act.clickInHome({ ...user(), button: 'I need more time' });
    expect(await at.receive(press)).toMatchObject({ statusCode: 500 });
  });

  it.each<[string, object | undefined]>([
    ['ci', { kind: 'search', text: 'ci' }],
    ['  ci-deploy ', { kind: 'search', text: 'ci-deploy' }],
    ['', undefined],
    ['<!channel>', { kind: 'search', text: '' }],
    ['x'.repeat(65), { kind: 'search', text: '' }],
  ])('is searched: %j', async (given, look) => {
    publish();
    await at.receive(at.act.fillInHome({ ...user(), label: FIND, given }));
    expect(at.jobs()).toMatchObject([{ command: look ? { name: 'home', look } : { name: 'home' } }]);
  });

  it('is looked at as somebody else sees it', async () => {
    publish();
    await at.receive(at.act.fillInHome({ ...user(), label: 'Choose a person', given: 'U0BEN' }));
    expect(at.jobs()).toMatchObject([{ command: { look: { kind: 'person', slackId: 'U0BEN' } } }]);
  });

  const pressing = async (fields: object) => {
    const text = { type: 'plain_text', text: 'Press me' };
    publish([
      { type: 'actions', elements: [{ type: 'button', text, ...fields }] },
    ] satisfies object as KnownBlock[]);
    await at.receive(at.act.clickInHome({ ...user(), button: 'Press me' }));
    return at.jobs();
  };

  it('leads to one IAM user, and back', async () => {
    const of = { account: '111122223333', userName: 'ci' };
    expect(await pressing({ action_id: LOOK.user, value: '111122223333/ci#d1' })).toMatchObject([
      { command: { name: 'home', look: { kind: 'user', of } } },
    ]);
    expect(await pressing({ action_id: LOOK.own })).toMatchObject([{}, { command: { name: 'home' } }]);
  });

  it.each([
    ['an IAM user that there cannot be', { action_id: LOOK.user, value: '../etc' }],
    ['nothing', { action_id: 'home:', value: '111122223333/ci' }],
  ])('is left as it is by a press that names %s', async (_, fields) => {
    expect(await pressing(fields)).toEqual([]);
    expect(at.events()).toEqual(['slack.noMove']);
  });
});

describe('nobody draws Home', () => {
  it('for the conversation beside it, and nothing is logged of that', async () => {
    await at.receive(at.act.appHomeOpened({ ...user(), tab: 'messages' }));
    expect([at.queued, at.events()]).toEqual([[], []]);
  });

  it('for its buttons on a message', async () => {
    const text = { type: 'plain_text' as const, text: 'Press me' };
    const elements = [{ type: 'button' as const, text, action_id: LOOK.own }];
    const message = at.message({ text: 'm', blocks: [{ type: 'actions', block_id: 'b', elements }] });
    await at.receive(at.act.click({ ...user(), message, button: 'Press me' }));
    expect(at.queued).toEqual([]);
  });

  it('for a press in a form of ours, or of another kind of view', async () => {
    publish();
    const event = at.act.clickInHome({ ...user(), button: 'Create new key' });
    const form = new URLSearchParams(
      Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString(),
    );
    const payload = JSON.parse(form.get('payload') ?? '');
    const modal = { ...payload, view: { ...payload.view, type: 'modal' } };
    const body = new URLSearchParams({ payload: JSON.stringify(modal) }).toString();
    await at.receive(at.signed('application/x-www-form-urlencoded', body));
    expect([at.queued, at.events()]).toEqual([[], ['slack.noMove']]);
  });
});
