// A message in the admin channel about one IAM user: what the matter is, and the buttons to settle it.
import type { KnownBlock } from '@slack/types';
import { matters } from '../../../domain/matters.ts';
import {
  aboutWhat,
  adviceFor,
  type NoticeView,
  noticeHeadline,
  noticeText,
  quoted,
} from '../wording/admin/admin-notice-text.ts';
import { settlementOf, settlementWords } from '../wording/admin/settlement.ts';
import { matterButtons } from './matter-buttons.ts';
import { type Content, section } from './parts.ts';

/** Settled: it says how, and there is nothing to press any more. */
export function buildAdminNotice(view: NoticeView): Content {
  const { user, reader, personName, policy, now } = view;
  const { matter } = reader;
  const isOpen = matters(user, policy, now).some(({ kind }) => kind === matter);
  const settlement = isOpen ? undefined : settlementOf(user, reader);
  const about = section(`*${noticeHeadline(view)}*`, aboutWhat(view), quoted(view));
  const rest: KnownBlock[] = settlement
    ? [section(`:white_check_mark: ${settlementWords(settlement, user, personName)}`)]
    : [section(adviceFor(view)), { type: 'actions', elements: matterButtons({ ...view, matter }, 1) }];
  return { text: noticeText(view), blocks: [about, ...rest] };
}
