// Whom the bot's messages notify, and of what.
import { expect, it } from 'vitest';
import { MINUTE, sandboxClock } from '../clock.ts';
import { addMessage, changeMessage } from '../servers/slack/chat.ts';
import { openDm } from '../servers/slack/conversations.ts';
import { addChannel, addMember, createWorkspace } from '../servers/slack/workspace.ts';
import { notifications } from './notifications.ts';

const START = Date.parse('2026-11-16T09:00:00Z');

function begin() {
  const workspace = createWorkspace();
  const slack = { workspace, clock: sandboxClock(new Date(START)) };
  const [ana, ben] = ['ana', 'ben'].map((name) => addMember(workspace, { name }).id);
  const post = (to: string, text: string, more = {}) =>
    addMessage(slack, openDm(workspace, to), { text, blocks: undefined }, more);
  return { slack, ana: ana ?? '', ben: ben ?? '', post, heard: () => notifications({ slack }) };
}

it('people are notified of every message in their direct conversations, oldest first', () => {
  const { slack, ana, ben, post, heard } = begin();
  post(ben, 'one');
  post(ana, 'two');
  slack.clock.advance(MINUTE);
  post(ben, 'three');
  expect(heard()).toEqual([
    { at: START, to: ben, text: 'one' },
    { at: START, to: ana, text: 'two' },
    { at: START + MINUTE, to: ben, text: 'three' },
  ]);
});

it('a message that is edited or deleted later has notified with what it said at first', () => {
  const { slack, ana, post, heard } = begin();
  const message = post(ana, 'due');
  changeMessage(slack, message, { text: 'done', blocks: undefined });
  changeMessage(slack, message, { text: 'done again', blocks: undefined });
  message.deleted = true;
  expect(heard()).toEqual([{ at: START, to: ana, text: 'due' }]);
});

it('ephemeral messages, channels and what people write themselves notify nobody', () => {
  const { slack, ana, post, heard } = begin();
  post(ana, 'psst', { ephemeralTo: ana });
  addMessage(slack, addChannel(slack.workspace, { name: 'general' }), { text: 'hi', blocks: undefined });
  post(ana, 'mine').user = ana;
  expect(heard()).toEqual([]);
});
