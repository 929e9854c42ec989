// Somebody who has just heard of keyrotate sits down before the page of `npm start`.
import type { KnownBlock } from '@slack/types';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordOf } from '../sandbox/play/play.ts';
import { inbox } from '../sandbox/servers/slack/conversations.ts';
import { acts, launch, type Opened, opened } from './opened.ts';

let browser: Browser;
let workspace: Opened;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  workspace = await opened(browser);
});
afterEach(() => workspace.close());

/** Within a minute: a busy machine takes its time. */
const eventually = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 60_000 });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Presses a button of the conversation, the last that reads so: a screen reader may hear more, whose button it is. */
function presses(page: Page, text: string): Promise<void> {
  const reads = new RegExp(`^${text}$`);
  return acts(page, () =>
    page.getByRole('log').getByRole('button').filter({ hasText: reads }).last().click(),
  );
}

const keysOf = (page: Page, user: string) =>
  page
    .locator('.aws li')
    .filter({ has: page.locator('p.user', { hasText: user }) })
    .locator('li.key');

it('rotates a key from the first message to the last by clicking', async () => {
  const page = await workspace.tab();
  await page.getByText('is 83 days old').waitFor();
  await presses(page, 'Create new key');
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(2);
  await page.getByRole('button', { name: /^Fetch the new key/ }).click();
  await page.getByText(/^Fetched \/iam\/keys/).waitFor();
  await acts(page, () => keysOf(page, 'ci-deploy').nth(1).getByRole('button', { name: /^Use/ }).click());
  await presses(page, 'I replaced it everywhere');
  await acts(page, () => page.getByRole('dialog').locator('button[type=submit]').click());
  await acts(page, () => button(page, 'Next morning').click());
  await presses(page, 'Turn off the old key');
  await page.getByRole('log').getByRole('button', { name: 'Turn it back on' }).waitFor();
  await acts(page, () => button(page, '+7 days').click());
  await acts(page, () => button(page, '+1 hour').click());
  await presses(page, 'Delete for good');
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(1);
  await page.getByText('6/6').waitFor();
});

it('shows what Slack shows where an answer comes too late, and what was asked is answered all the same', async () => {
  const page = await workspace.tab();
  await page.getByText('Trouble', { exact: true }).click();
  await acts(page, () => page.getByLabel('keyrotate answers Slack too late, once').click());
  await page.getByText('Trouble').first().click();
  const late = () => workspace.desk.do({ kind: 'trouble', name: 'answer-late', on: true });
  await presses(page, 'Create new key');
  await page.getByRole('log').getByText('I replaced it everywhere').waitFor();
  const warning = page.getByRole('article').getByText('⚠ keyrotate didn’t respond in time');
  await warning.waitFor();
  await presses(page, 'Discard new key');
  await warning.waitFor({ state: 'detached' });
  await page.getByRole('log').getByText('⋯').click();
  await page.getByRole('button', { name: 'I need more time' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Why?').fill('The vendor is slow');
  await late();
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByRole('alert').getByText('operation_timeout').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await late();
  await page.getByLabel('Message keyrotate').fill('/keyrotate status');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('operation_timeout').waitFor();
  await page.getByText('Only visible to you').waitFor();
});

it('shows what keyrotate has on record, the call that AWS made of it, and the way back', async () => {
  const page = await workspace.tab();
  await button(page, 'Table').click();
  const item = page.locator('.aws details').filter({ hasText: 'USER#111122223333#ci-deploy' });
  await item.locator('summary').click();
  await item.getByText('"stage": "due"').waitFor();
  await presses(page, 'Create new key');
  await item.getByText('"stage": "issued"').waitFor();
  await item.getByRole('link').first().click();
  expect(new URL(page.url()).hash).toContain('find=');
  const calls = page.getByRole('region', { name: 'Calls' });
  await calls.locator('summary').click();
  await calls.getByText('UserName: ci-deploy').waitFor();
  await page.getByRole('button', { name: /^Sam Rivera/ }).click();
  await page.getByText('security-keys').first().waitFor();
  await page.goBack();
  await page.getByText('payments-team').first().waitFor();
  await calls.locator('summary', { hasText: 'CreateAccessKey' }).waitFor();
  await page.goBack();
  await item.waitFor();
  await page.goBack();
  await keysOf(page, 'ci-deploy').first().waitFor();
});

it('is answered as an admin: approves what an owner asked for, who then has it unread', async () => {
  const page = await workspace.tab('#scene=more-time');
  await presses(page, 'Approve');
  await page
    .getByText(/approved/i)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Ana García/ }).click();
  await page
    .getByText(/January/)
    .first()
    .waitFor();
});

it('keeps everything over a reload in the middle', async () => {
  const page = await workspace.tab('#scene=new-key');
  await page.getByRole('log').getByRole('button', { name: 'I replaced it everywhere' }).waitFor();
  await page.reload();
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(2);
  await page.getByRole('log').getByRole('button', { name: 'I replaced it everywhere' }).waitFor();
});

it('makes one key where two tabs press at once', async () => {
  const [one, other] = await Promise.all([workspace.tab(), workspace.tab()]);
  await Promise.all([presses(one, 'Create new key'), presses(other, 'Create new key')]);
  await eventually(() => keysOf(one, 'ci-deploy').count()).toBe(2);
  await eventually(() => keysOf(other, 'ci-deploy').count()).toBe(2);
});

it('shows in one tab at once what somebody does in another, and counts it in the title', async () => {
  const sam = await workspace.tab('#scene=first-message');
  await sam.getByRole('button', { name: /^Sam Rivera/ }).click();
  const ana = await workspace.tab();
  await ana.bringToFront();
  await ana.getByRole('log').getByText('⋯').click();
  await ana.getByRole('button', { name: 'I need more time' }).click();
  const form = ana.getByRole('dialog');
  await form.getByLabel('Until when?').fill('2027-01-29');
  await form.getByLabel('Why?').fill('The vendor is slow');
  await form.getByRole('button', { name: 'Send' }).click();
  await sam.getByRole('button', { name: /security-keys.*unread/ }).waitFor();
  await eventually(() => sam.title()).toMatch(/^\(\d+\) keyrotate/);
});

it('answers a dialog with nothing but the keyboard', async () => {
  const page = await workspace.tab();
  const enter = async (name: string) => {
    await page.getByRole('log').getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
  };
  await enter("I don't need this key");
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await enter('Create new key');
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(2);
  await enter('Discard new key');
  await page.getByRole('dialog').getByRole('button').last().focus();
  await page.keyboard.press('Enter');
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(1);
});

describe('the keyboard', () => {
  const focused = (page: Page) =>
    eventually(() => page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.innerText'));
  const enter = async (page: Page, name: string, where = page.getByRole('log')) => {
    await where.getByRole('button', { name }).last().focus();
    await page.keyboard.press('Enter');
  };

  it('stays at a button that was pressed, and goes to its message where the button is gone', async () => {
    const page = await workspace.tab();
    await enter(page, '+1 hour', page.getByRole('banner'));
    await focused(page).toBe('+1 hour');
    await enter(page, 'Create new key');
    await focused(page).toMatch(/^keyrotate: New key/);
    await enter(page, 'I replaced it everywhere');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await focused(page).toBe('I replaced it everywhere');
  });

  it('returns to what a dialog was opened with', async () => {
    const page = await workspace.tab();
    await enter(page, "I don't need this key");
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await focused(page).toBe("I don't need this key");
  });

  it('stays with the IAM user whose key is deleted from a menu', async () => {
    const page = await workspace.tab();
    const [menu] = await keysOf(page, 'ci-deploy').locator('summary').all();
    await menu?.focus();
    await page.keyboard.press('Enter');
    await enter(page, 'Delete', keysOf(page, 'ci-deploy'));
    await focused(page).toMatch(/^ci-deploy/);
  });
});

it('answers a command, privately', async () => {
  const page = await workspace.tab();
  await page.getByLabel('Message keyrotate').fill('/keyrotate status');
  await page.keyboard.press('Enter');
  await page.getByText('Only visible to you').waitFor();
});

it('gives owners to 150 IAM users in one form, which shows before what it would do', async () => {
  const page = await workspace.tab('#scene=many-orphans');
  await presses(page, 'Assign owners…');
  const form = page.getByRole('dialog');
  await form.getByText('154 IAM users have no owner').waitFor();
  const rules = form.getByLabel(/^Or write who owns what/);
  await rules.fill('ci-* -> #payments-team\nbatch-* -> ana@example.com');
  await page.reload();
  expect(await rules.inputValue()).toBe('ci-* -> #payments-team\nbatch-* -> ana@example.com');
  await acts(page, () => form.getByRole('button', { name: 'Show what it would do' }).click());
  await form.getByText('This would assign 100 IAM users to 2 owners.').waitFor();
  await acts(page, () => form.getByRole('button', { name: 'Assign these 100' }).click());
  await form.getByText('54 IAM users have no owner').waitFor();

  await form.getByLabel('Search').fill('legacy');
  await acts(page, () => page.keyboard.press('Enter'));
  await form.getByText('All 20 that fit legacy').click();
  await form.getByLabel('To a person').selectOption({ label: 'Ben Okafor' });
  await acts(page, () => form.getByRole('button', { name: 'Show what it would do' }).click());
  await acts(page, () => form.getByRole('button', { name: 'Assign these 20' }).click());
  await form.getByText('34 IAM users have no owner').waitFor();
  await acts(page, () => form.getByRole('button', { name: 'Close' }).last().click());
  await form.waitFor({ state: 'detached' });
});

it('says of a press while Slack is down that it waits, and carries it out afterwards', async () => {
  const page = await workspace.tab();
  await page.getByText('Trouble', { exact: true }).click();
  await acts(page, () => page.getByLabel('Slack’s API is down').click());
  await page.getByText('Trouble').first().click();
  await presses(page, 'Create new key');
  const warning = page.getByRole('log').getByText('⚠ keyrotate took this, and could not do it so far');
  await warning.waitFor();
  await page.getByText('Trouble').first().click();
  await acts(page, () => page.getByLabel('Slack’s API is down').click());
  await acts(page, () => button(page, '+1 hour').click());
  await page.getByRole('log').getByText('I replaced it everywhere').waitFor();
  await warning.waitFor({ state: 'detached' });
});

it('rings for a press that was given up, says what to do, and falls silent once that is done', async () => {
  const page = await workspace.tab();
  await page.getByText('Trouble', { exact: true }).click();
  await acts(page, () => page.getByLabel('The worker may not read its table').click());
  await page.getByText('Trouble').first().click();
  await presses(page, 'Create new key');
  await acts(page, () => button(page, '+1 hour').click());
  await page.getByRole('log').getByText('It lies among the dead letters').waitFor();
  await page.getByRole('button', { name: /^Alarms.*ringing/ }).click();
  const alarms = page.getByRole('region', { name: 'Alarms' });
  await alarms.getByText('ClicksDeadLettersAlarm', { exact: true }).waitFor();
  await alarms.getByText('What to do').first().click();
  await alarms.getByText('/keyrotate redrive').first().waitFor();
  await page.getByRole('button', { name: /^Queues.*given up/ }).click();
  await page.getByText('a request of Slack’s').waitFor();

  await page.getByText('Trouble').first().click();
  await acts(page, () => page.getByLabel('The worker may not read its table').click());
  await page.getByText('Trouble').first().click();
  await page.getByRole('button', { name: /^Sam Rivera/ }).click();
  // Until the conversation is Sam's, the field is that of the one before.
  await page.getByText('security-keys').first().waitFor();
  await page.getByLabel('Message keyrotate').fill('/keyrotate redrive');
  await acts(page, () => page.keyboard.press('Enter'));
  await button(page, 'IAM users').click();
  await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(2);
  await acts(page, () => button(page, '+1 hour').click());
  await button(page, 'Alarms').click();
  await alarms.getByText('No alarm rings').waitFor();
});

describe('the composer', () => {
  it('completes a command, an IAM user and a person, of whom keyrotate learns the id', async () => {
    const page = await workspace.tab('#scene=admins');
    const composer = page.getByLabel('Message security-keys');
    await composer.pressSequentially('/keyrotate as');
    await composer.press('Tab');
    await composer.pressSequentially(' no-o');
    await composer.press('Tab');
    await composer.pressSequentially(' @be');
    await page.getByRole('option', { name: /@Ben Okafor/ }).waitFor();
    await composer.press('Enter');
    expect(await composer.inputValue()).toBe('/keyrotate assign no-owner @Ben Okafor ');
    await acts(page, () => composer.press('Enter'));
    await page.getByRole('log').getByText('@Ben Okafor').last().waitFor();
    await eventually(() => ownerOf('no-owner')).toBe(workspace.desk.sandbox.organisation.people.ben);
  });

  it('keeps the lines of a table that is pasted', async () => {
    const page = await workspace.tab('#scene=admins');
    await page.getByRole('heading', { name: '# security-keys' }).waitFor();
    await page.getByRole('button', { name: 'keyrotate', exact: true }).click();
    await page.getByLabel('Message keyrotate').fill('user,owner\nno-owner,ben@example.com');
    await acts(page, () => page.keyboard.press('Enter'));
    await page.getByRole('log').getByText('This would assign 1 IAM user').waitFor();
  });
});

async function ownerOf(user: string): Promise<string | undefined> {
  const { current } = await recordOf(workspace.desk.sandbox, user);
  return JSON.stringify(current).match(/U0000000\d\d/)?.[0];
}

it('has a reply in a thread stay there, and shows that it is answered in the conversation', async () => {
  const page = await workspace.tab();
  const first = page.getByRole('article').first();
  await first.hover();
  await first.getByRole('button', { name: 'Reply' }).click();
  await page.getByLabel('Reply', { exact: true }).fill('not mine');
  await acts(page, () => page.keyboard.press('Enter'));
  const thread = page.getByRole('region', { name: /^Thread/ });
  await thread.getByRole('article', { name: 'Ana García: not mine' }).waitFor();
  await page.getByRole('log').getByText('If an access key is not yours').waitFor();
  await page.getByLabel('Reply', { exact: true }).fill('/keyrotate status');
  await page.keyboard.press('Enter');
  await page.getByText('/keyrotate is not supported in threads').waitFor();
});

it('follows a link to a message as somebody who may see it, and flashes it', async () => {
  const page = await workspace.tab('#scene=admins');
  await page.getByRole('heading', { name: '# security-keys' }).waitFor();
  const link = (await page.getByRole('article').first().getByRole('link').getAttribute('href')) ?? '';
  const other = await workspace.tab(link);
  await other.getByRole('heading', { name: '# security-keys' }).waitFor();
  await eventually(() => other.getByRole('article').first().getAttribute('class')).toContain('flash');
  await other.goto(`${workspace.url}#/archives/C000000000/p1794819630000100`);
  await other.getByText('That message is not there any more.').waitFor();
  await other.goto(`${workspace.url}#scene=nonsense`);
  await other.getByText('There is no scene “nonsense”. There are: first-message, new-key,').waitFor();
});

it('says what it cannot draw', async () => {
  const { slack, organisation } = workspace.desk.sandbox;
  const [message] = inbox(slack.workspace, organisation.people.ben);
  const unknown = [
    { type: 'video', title: { type: 'plain_text', text: 'How' } },
    { type: 'section', text: { type: 'mrkdwn', text: 'When?' }, accessory: { type: 'timepicker' } },
  ];
  message?.blocks.push(...(unknown as KnownBlock[]));
  const page = await workspace.tab();
  await page.getByRole('button', { name: /^Ben Okafor/ }).click();
  await page.getByText('This page cannot draw video').waitFor();
  await page.getByText('This page cannot draw timepicker').waitFor();
});

it('shows a phone who one is, and the newest message from its head', async () => {
  const page = await workspace.tab('#scene=two-keys', { viewport: { width: 390, height: 844 } });
  await button(page, 'You are Chloé Martin. Be somebody else').waitFor();
  const log = page.getByRole('log');
  const newest = log.getByRole('article').last();
  const top = async (one: typeof log) => (await one.boundingBox())?.y ?? Number.NaN;
  expect((await newest.boundingBox())?.height).toBeGreaterThan((await log.boundingBox())?.height ?? 0);
  await eventually(async () => (await top(newest)) - (await top(log))).toBeGreaterThanOrEqual(0);
  await button(page, 'You are Chloé Martin. Be somebody else').click();
  await page.getByRole('button', { name: /^Dan Lee/ }).click();
  await button(page, 'You are Dan Lee. Be somebody else').waitFor();
});

/** Whatever can be pressed and is seen, but not whole, or too small for a finger. */
const hardToPress = `[...document.querySelectorAll('button, select, summary, input:not([type=checkbox]), textarea')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => {
    const { width, height, left, right } = one.getBoundingClientRect();
    return width < 40 || height < 40 || left < 0 || right > innerWidth;
  })
  .map((one) => one.outerHTML)`;

it('fits a phone: one part at a time, nothing wider than the screen, nothing too small for a finger', async () => {
  const page = await workspace.tab('', { viewport: { width: 360, height: 740 } });
  const fits = async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await page.evaluate(hardToPress)).toEqual([]);
  };
  for (const part of ['People', 'AWS', 'Slack']) {
    await button(page, part).click();
    await fits();
  }
  await button(page, 'Controls').click();
  await page.getByText('Trouble').click();
  await fits();
  await acts(page, () => button(page, '+1 hour').click());
  await button(page, 'Controls').click();
  await presses(page, 'Create new key');
  await page.getByRole('log').getByText('I replaced it everywhere').waitFor();
  await button(page, 'AWS').click();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: /^Fetch the new key/ }).click();
  await page.getByText(/^Fetched \/iam\/keys/).waitFor();
});

it('breaks a word that is longer than a phone is wide, while it is written and where it stands', async () => {
  const page = await workspace.tab('', { viewport: { width: 390, height: 844 } });
  const word = 'x'.repeat(300);
  const width = () => page.evaluate('document.documentElement.scrollWidth');
  const field = page.getByLabel('Message keyrotate');
  await field.fill(word);
  expect(await width()).toBe(390);
  await acts(page, () => field.press('Enter'));
  await page.getByRole('log').getByText(word).first().waitFor();
  expect(await width()).toBe(390);
  await field.fill(`/keyrotate show ${word}`);
  await acts(page, () => field.press('Enter'));
  await page.getByText('Only visible to you').first().waitFor();
  expect(await width()).toBe(390);
});

const faults = async (page: Page) => {
  await page.evaluate(axe.source);
  const asked =
    "axe.run({ resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } } })";
  const { violations } = (await page.evaluate(asked)) as axe.AxeResults;
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
};

describe('Home', () => {
  const home = (page: Page) => page.getByRole('region', { name: 'Home' });
  const inHome = (page: Page, name: RegExp) =>
    acts(page, () => home(page).getByRole('button', { name }).first().click());

  it('is opened beside the messages, and moves when an owner presses in it', async () => {
    const page = await workspace.tab();
    await button(page, 'Home').click();
    await home(page).getByText('Replace the access key of ci-deploy').waitFor();
    await inHome(page, /^Create new key: ci-deploy/);
    await eventually(() => keysOf(page, 'ci-deploy').count()).toBe(2);
    await home(page)
      .getByText(/of ci-deploy is ready/)
      .waitFor();
    await inHome(page, /^Open ci-deploy/);
    await home(page)
      .getByText(/The message about ci-deploy/)
      .waitFor();
    await page.getByRole('button', { name: /^Messages.*unread/ }).click();
    await page
      .getByRole('log')
      .getByText(/of ci-deploy is ready/)
      .first()
      .waitFor();
  });

  it('opens a form where it is, and is filled in with the keyboard', async () => {
    const page = await workspace.tab('#scene=home');
    await home(page).getByText('⋯').first().click();
    await home(page).getByRole('button', { name: 'I need more time' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Why?').fill('The vendor is slow');
    await form.getByLabel('Why?').press('Enter');
    await home(page)
      .getByText(/Put off until/)
      .waitFor();
  });

  it('has an admin find an IAM user, look as its owner, and come back; it fits a phone and has no barrier', async () => {
    const page = await workspace.tab('#scene=home-of-admins');
    await home(page)
      .getByRole('img', { name: /young enough/ })
      .waitFor();
    await acts(page, async () => {
      await home(page).getByLabel('Find an IAM user').fill('legacy');
      await page.keyboard.press('Enter');
    });
    await home(page)
      .getByText(/owner: ben/)
      .waitFor();
    await acts(page, () => home(page).getByRole('button', { name: 'Back' }).click());
    await acts(page, () =>
      home(page).getByLabel('Choose a person').selectOption({ label: 'Ben Okafor' }).then(),
    );
    await home(page)
      .getByText(/sees here/)
      .waitFor();
    expect(await home(page).getByRole('button').allInnerTexts()).toEqual(['Back']);
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await workspace.tab('#scene=home-of-admins', {
        viewport: { width: 390, height: 844 },
        colorScheme,
      });
      await home(phone).getByRole('img').waitFor();
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(await faults(phone)).toEqual([]);
    }
  });
});

describe('whoever cannot see or point', () => {
  it.each(['light', 'dark'] as const)('meets no barrier that axe knows of, %s', async (colorScheme) => {
    const page = await workspace.tab('#scene=two-keys', { colorScheme });
    await page.getByRole('log').getByText('Both are needed').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await button(page, 'Calls').click();
    expect(await faults(page)).toEqual([]);
    await button(page, 'Alarms').click();
    await page.getByLabel('Message keyrotate').fill('/keyrotate ');
    await page.keyboard.press('ArrowDown');
    expect(await faults(page)).toEqual([]);
    await page.getByLabel('Message keyrotate').fill('');
    await button(page, 'Vault').click();
    await page
      .getByRole('log')
      .getByRole('button', { name: /^Turn off/ })
      .last()
      .click();
    expect(await faults(page)).toEqual([]);
  });
});
