// Messages as a person reads them, in a terminal; and all their words, for assertions.
import { blockLines, buttonSpan, detailLines, FIRM_SPACE, mrkdwnLines } from './block-lines.ts';
import { inlineSpans, plainSpan, type Reader } from './mrkdwn.ts';
import { type Line, paint, wrap } from './terminal.ts';
import type { Message, ShownView, Workspace } from './workspace.ts';

export interface Rendering {
  workspace: Workspace;
  /** The reading person's id: dates are in their time zone. */
  reader: string;
  colour: boolean;
  /** Epoch milliseconds. */
  now: number;
  /** Also says what menus hold and what buttons ask before they act. */
  details?: boolean;
  /** Also shows the notification text. */
  notification?: boolean;
}

const WIDTH = 76;

/** A message inside a light left border, without a newline at the end. */
export function renderMessage(message: Message, rendering: Rendering): string {
  const reader = readerOf(rendering);
  const { text, deleted, ephemeralTo } = message;
  if (deleted) return bordered([[plainSpan('(deleted)', 'dim')]], rendering);
  const notification = [plainSpan('Notification: ', 'dim'), ...inlineSpans(text, reader, ['dim'])];
  return bordered(
    [
      ...(ephemeralTo ? [[plainSpan('Only visible to you', 'dim')]] : []),
      ...(rendering.notification ? [notification] : []),
      ...bodyLines(message, reader),
      ...(rendering.details ? detailLines(message, reader) : []),
    ],
    rendering,
  );
}

/** A modal, in the same frame. */
export function renderView({ view }: ShownView, rendering: Rendering): string {
  const reader = readerOf(rendering);
  const lines = view.blocks.flatMap((block) => blockLines(block, reader));
  const submit = view.submit ? [buttonSpan(view.submit.text, 'primary'), plainSpan('  ')] : [];
  const close = buttonSpan(view.close?.text ?? 'Cancel');
  return bordered([[plainSpan(view.title.text, 'bold')], ...lines, [...submit, close]], rendering);
}

/** Where there are blocks, Slack shows the text in notifications only. */
function bodyLines({ text, blocks }: Message, reader: Reader): Line[] {
  return blocks.length > 0 ? blocks.flatMap((block) => blockLines(block, reader)) : mrkdwnLines(text, reader);
}

function readerOf({ workspace, reader, now }: Rendering): Reader {
  const { members, channels, usergroups } = workspace;
  const tz = members.get(reader)?.tz ?? 'Etc/UTC';
  const nameOf = (id: string) =>
    members.get(id)?.real_name ?? channels.get(id)?.name ?? usergroups.get(id)?.handle;
  return { reading: { tz, now }, nameOf };
}

function bordered(lines: Line[], { colour }: Rendering): string {
  const edge = paint([plainSpan('│', 'dim')], colour);
  return lines
    .flatMap((line) => wrap(line, WIDTH))
    .map((line) => `${edge} ${paint(line, colour)}`.trimEnd().replaceAll(FIRM_SPACE, ' '))
    .join('\n');
}

const NOBODY: Reader = { reading: undefined, nameOf: () => undefined };

/** All the words of a message, menus and questions included: one line each, no markup, dates as their fallback. */
export function plainText(message: Pick<Message, 'text' | 'blocks'>): string {
  const shown = message.blocks.flatMap((block) => blockLines(block, NOBODY));
  return [...mrkdwnLines(message.text, NOBODY), ...shown, ...detailLines(message, NOBODY)]
    .map((line) => paint(line, false).replaceAll(FIRM_SPACE, ' ').trim())
    .join('\n');
}
