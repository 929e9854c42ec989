import { describe, expect, it } from 'vitest';
import {
  ask,
  type Helpers,
  helpersFor,
  questions,
} from '../../../src/adapters/slack/wording/shared/whom-to-ask.ts';

const asked = (helpers: Helpers) => ask({ helpers });

describe('whom to ask', () => {
  it('is somebody with a name, where no channel is for questions', () => {
    expect(asked({ channel: 'C0HELP', admins: ['U0SAM'] })).toBe('ask an admin in <#C0HELP>');
    expect(asked({ admins: ['U0SAM'] })).toBe('ask <@U0SAM>');
    expect(asked({ admins: ['U0SAM', 'U0LENA'] })).toBe('ask <@U0SAM> or <@U0LENA>');
    expect(asked({ admins: ['U0SAM', 'U0LENA', 'U0MAX', 'U0KIM'] })).toBe(
      'ask <@U0SAM>, <@U0LENA> or <@U0MAX>',
    );
    expect(asked({ group: 'S0ADMINS' })).toBe('ask somebody in <!subteam^S0ADMINS>');
    expect(questions({ helpers: { admins: ['U0SAM'] } })).toBe('Questions? Ask <@U0SAM>.');
  });

  it('is nobody by name where a mention would ping them among many who read', () => {
    const forMany = { admins: ['U0SAM'], group: 'S0ADMINS', isForMany: true };
    expect(asked(forMany)).toBe('ask an admin (`/keyrotate help` says whom)');
    expect(asked({ ...forMany, channel: 'C0HELP' })).toBe('ask an admin in <#C0HELP>');
  });

  it('is not the one who reads', () => {
    expect(asked(helpersFor({ admins: ['U0SAM', 'U0LENA'] }, 'U0SAM'))).toBe('ask <@U0LENA>');
    expect(asked(helpersFor({ admins: ['U0SAM'] }, 'U0SAM'))).toBe('ask an admin');
  });
});
