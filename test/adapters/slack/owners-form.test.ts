// The form for owners: whatever the number and the names, Slack takes it, and what is sent with it fits into the queue.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildOwnersForm, buildOwnersTable } from '../../../src/adapters/slack/blocks/owners.ts';
import { MOST_BYTES, writeRequest } from '../../../src/adapters/slack/queued-request.ts';
import { validateBlocks } from '../../sandbox/servers/slack/blocks.ts';
import { initialState } from '../../sandbox/servers/slack/input-state.ts';
import { ownerlessOf, tableOf } from './any-message.ts';
import { LONGEST } from './hostile.ts';

const name = fc.string({ unit: fc.constantFrom(...'aZ09+=,.@_-'), minLength: 1, maxLength: 64 });
const form = (users: ReturnType<typeof ownerlessOf>) =>
  buildOwnersForm(users, { channel: 'C'.repeat(50) }, () => 'prod');

describe('the form for owners', () => {
  it('fits Slack with any number of IAM users, any names and any page', () => {
    fc.assert(
      fc.property(name, fc.nat(3000), fc.nat(3000), (userName, number, from) => {
        const view = form({
          ...ownerlessOf(userName, number),
          from: Math.min(from, Math.max(0, number - 1)),
        });
        // Nothing but what buttons and options carry is unique in it.
        expect(validateBlocks(view.blocks, 'modal')).toEqual([]);
        expect(view.private_metadata?.length ?? 0).toBeLessThanOrEqual(3000);
        expect([...(view.submit?.text ?? '')].length).toBeLessThanOrEqual(24);
      }),
      { numRuns: 60 },
    );
  });

  it('comes back with all that can be chosen and written in it, and goes through the queue', () => {
    const view = form(ownerlessOf(LONGEST, 1000));
    const values = initialState(view.blocks);
    for (const block of view.blocks)
      if (block.type === 'input' && block.element.type === 'multi_static_select')
        values[block.block_id ?? ''] = {
          users: { ...block.element, selected_options: block.element.options },
        };
    values.rules = { rules: { type: 'plain_text_input', value: '🔑'.repeat(1500) } };
    const payload = JSON.stringify({ type: 'view_submission', view: { ...view, state: { values } } });
    const body = Buffer.from(new URLSearchParams({ payload }).toString());
    expect(body.length).toBeLessThan(MOST_BYTES);
    expect(writeRequest({ headers: {}, body }).length).toBeLessThan(256 * 1024);
  });

  it('keeps each message of a long table within what Slack takes, and begins it with its columns', () => {
    const { users } = ownerlessOf(LONGEST, 1000);
    const messages = tableOf((from) => buildOwnersTable(users, from, () => undefined));
    expect(messages.length).toBeGreaterThan(5);
    for (const { blocks } of messages) {
      expect(validateBlocks(blocks, 'message')).toEqual([]);
      expect(JSON.stringify(blocks)).toContain('account,user,key age,last used,named,tags,owner');
    }
  });
});
