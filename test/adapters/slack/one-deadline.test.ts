// Whoever reads by when an access key is to be rotated, wherever they read it, reads one and the same date.
import { describe, expect, it } from 'vitest';
import { buildAdminNotice } from '../../../src/adapters/slack/blocks/admin-notice.ts';
import { buildCard } from '../../../src/adapters/slack/blocks/card.ts';
import { buildDigest } from '../../../src/adapters/slack/blocks/digest.ts';
import { buildStatus } from '../../../src/adapters/slack/blocks/notice.ts';
import { byWhen, deadlineWords, spokenDeadline } from '../../../src/adapters/slack/wording/shared/dates.ts';
import { handedOver } from '../../../src/domain/hand-over.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { isOpen } from '../../../src/domain/rotation.ts';
import { DAY, type Instant } from '../../../src/domain/time.ts';
import { readStatus } from '../../../src/usecases/commands/read-status.ts';
import { heard } from '../../../src/usecases/messages/note-reminder.ts';
import type { Directory, Log, Users } from '../../../src/usecases/ports.ts';
import { only } from '../../only.ts';
import { ANA, NOW, POLICY, ROTATIONS, userAt, viewOf } from './fixtures.ts';

const STAGES = ['due', 'issued', 'confirmed'] as const;

/** Its key is far past its age: the date is that of the first word about it. */
function told(
  stage: (typeof STAGES)[number],
  changes: { contactedAt?: Instant; extendedTo?: Instant } = {},
): IamUser {
  const oldKeyCreatedAt = NOW - 120 * DAY;
  const contactedAt = NOW - 3 * DAY;
  return userAt(stage, { rotation: { ...ROTATIONS[stage], oldKeyCreatedAt, contactedAt, ...changes } });
}

function untold(user: IamUser): IamUser {
  return handedOver(user, { kind: 'person', slackId: ANA.id, from: 'link' });
}

const SITUATIONS: [string, (stage: (typeof STAGES)[number]) => IamUser, Instant][] = [
  ['once its owner was told', (stage) => told(stage), NOW + 4 * DAY],
  ['long after its owner was told', (stage) => told(stage, { contactedAt: NOW - 20 * DAY }), NOW - 13 * DAY],
  ['before anybody was told, or after a hand-over', (stage) => untold(told(stage)), NOW + 7 * DAY],
  ['in the first message itself', (stage) => heard(untold(told(stage)), NOW), NOW + 7 * DAY],
  ['where more time was agreed', (stage) => told(stage, { extendedTo: NOW + 12 * DAY }), NOW + 12 * DAY],
];

const statusOf = async (user: IamUser) =>
  buildStatus(
    await readStatus(ANA.id, {
      accounts: [user.account],
      users: only<Users>({ ownedBy: async () => [user] }),
      directory: only<Directory>({ privateChannelsOf: async () => [] }),
      policy: () => POLICY,
      now: () => NOW,
      log: only<Log>({}),
    }),
    'own',
    NOW,
  );

const noticeOf = (user: IamUser) =>
  buildAdminNotice({
    ...{ user, reader: { as: 'admins', matter: 'silence', level: 1, at: NOW }, drawing: 'd1' },
    ...{ accountName: 'prod', personName: () => 'Ana Lima', policy: POLICY, now: NOW },
  });

describe.each(STAGES)('of a key that is %s', (stage) => {
  it.each(SITUATIONS)('the date is the same everywhere: %s', async (_, userIn, date) => {
    const user = userIn(stage);
    const card = buildCard(viewOf(user));
    const digest = buildDigest([viewOf(user)]);
    // A message that stands for long names no date that moves until the owner is told.
    const isTold = isOpen(user.rotation) && user.rotation.contactedAt !== undefined;
    const written = [await statusOf(user), ...(isTold ? [noticeOf(user)] : [])];
    for (const { blocks } of written)
      expect(JSON.stringify(blocks)).toContain(deadlineWords(date, NOW).slice(1));
    expect(digest.text).toContain(spokenDeadline(date, NOW));
    for (const { blocks } of [card, digest]) expect(JSON.stringify(blocks)).toContain(byWhen(date, NOW));
    expect(card.text).toContain(byWhen(date, NOW));
  });
});

it('a key that is put off is due on the day until which it is', async () => {
  const user = userAt('postponed');
  const { extendedTo } = ROTATIONS.postponed;
  for (const { text } of [buildCard(viewOf(user)), buildDigest([viewOf(user)])])
    expect(text).toContain('December 4');
  for (const { blocks } of [await statusOf(user), noticeOf(user)])
    expect(JSON.stringify(blocks)).toContain(deadlineWords(extendedTo ?? 0, NOW).slice(1));
});
