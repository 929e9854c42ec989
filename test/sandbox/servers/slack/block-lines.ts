// Block Kit as lines of styled text, in the order a person reads them.
import type { Confirm, InputBlock, KnownBlock, TextObject } from '@slack/types';
import { type Chart, isChart } from './chart.ts';
import { inlineSpans, plainSpan, type Reader, type Span, type Style } from './mrkdwn.ts';
import { type Pressable, pressables, type Shown } from './pressables.ts';
import type { Line } from './terminal.ts';

/** Keeps the words on a button together; the terminal shows it as a space. */
export const FIRM_SPACE = '\u00a0';
const gap = plainSpan('  ');

export function buttonSpan(label: string, style?: Style): Span {
  return plainSpan(`[ ${label} ]`.replaceAll(' ', FIRM_SPACE), ...(style ? [style] : []));
}

export function blockLines(block: KnownBlock, reader: Reader): Line[] {
  switch (block.type) {
    case 'header':
      return [[plainSpan(block.text.text, 'bold')]];
    case 'section':
      return [
        ...(block.text ? textLines(block.text, reader) : []),
        ...(block.accessory ? [operable([block.accessory])] : []),
      ];
    case 'actions':
      return [operable(block.elements)];
    case 'context':
      return block.elements.flatMap((element) =>
        element.type === 'image'
          ? []
          : element.text.split('\n').map((text) => textSpans({ ...element, text }, reader, ['dim'])),
      );
    case 'input':
      return inputLines(block);
    case 'divider':
      return [[plainSpan('———', 'dim')]];
    default:
      return isChart(block) ? chartLines(block) : unknownBlock(block);
  }
}

function textLines(text: TextObject, reader: Reader): Line[] {
  return text.type === 'mrkdwn'
    ? mrkdwnLines(text.text, reader)
    : text.text.split('\n').map((line) => [plainSpan(line)]);
}

function textSpans(text: TextObject, reader: Reader, styles: Style[]): Span[] {
  const oneLine = text.text.replaceAll('\n', ' ');
  return text.type === 'mrkdwn' ? inlineSpans(oneLine, reader, styles) : [plainSpan(oneLine, ...styles)];
}

/** Text between triple backticks is set in; the rest is read line by line. */
export function mrkdwnLines(text: string, reader: Reader): Line[] {
  return text.split('```').flatMap((part, index) => {
    const isCode = index % 2 === 1;
    const lines = part.replace(/^\n/, '').replace(/\n$/, '').split('\n');
    if (isCode) return lines.map((line) => [plainSpan('    '), plainSpan(line, 'code')]);
    return part.trim() === '' && index > 0 ? [] : lines.map((line) => mrkdwnLine(line, reader));
  });
}

function mrkdwnLine(line: string, reader: Reader): Line {
  const [, quoted] = /^(?:>|&gt;) ?(.*)$/.exec(line) ?? [];
  return quoted === undefined
    ? inlineSpans(line, reader)
    : [plainSpan('▏ ', 'dim'), ...inlineSpans(quoted, reader)];
}

/** Buttons and other elements, side by side. */
function operable(elements: readonly { type: string }[]): Line {
  return elements.flatMap((element, index) => [...(index > 0 ? [gap] : []), elementSpan(element)]);
}

function elementSpan(element: { type: string }): Span {
  const { text, placeholder, style } = element as Record<string, { text: string } | string | undefined>;
  if (element.type === 'overflow') return buttonSpan('⋯');
  const words = text ?? placeholder;
  const label = typeof words === 'object' ? words.text : 'Choose';
  if (element.type !== 'button') return buttonSpan(`${label} ▾`);
  return buttonSpan(label, style === 'primary' || style === 'danger' ? style : undefined);
}

function inputLines({ label, element, optional, hint }: InputBlock): Line[] {
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined;
  return [
    [plainSpan(label.text, 'bold'), ...(optional ? [plainSpan(' (optional)', 'dim')] : [])],
    [plainSpan(`[${placeholder ?? '…'}]`)],
    ...(hint ? [[plainSpan(hint.text, 'dim')]] : []),
  ];
}

/** What menus hold, and what Slack asks before it sends a click. */
export function detailLines(shown: Shown, reader: Reader): Line[] {
  const entries = pressables(shown);
  const menus = new Set(entries.filter(({ option }) => option).map(({ element }) => element));
  return [
    ...[...menus].map((menu) => {
      const labels = entries.filter(({ element }) => element === menu).map(({ label }) => label);
      return [elementSpan(menu), plainSpan(` ${labels.join(' · ')}`, 'dim')];
    }),
    ...entries.flatMap((entry) => confirmLines(entry, reader)),
  ];
}

function confirmLines({ label, confirm }: Pressable, reader: Reader): Line[] {
  if (!confirm) return [];
  const { title, text, confirm: yes, deny } = confirm satisfies Confirm;
  return [
    [
      plainSpan(`“${label}” asks: `, 'dim'),
      ...(title ? [plainSpan(`${title.text} `, 'bold')] : []),
      ...textSpans(text, reader, []),
      ...[
        gap,
        buttonSpan(yes?.text ?? 'Yes', confirm.style ?? 'primary'),
        gap,
        buttonSpan(deny?.text ?? 'No'),
      ],
    ],
  ];
}

function chartLines({ title, chart }: Chart): Line[] {
  return [
    [plainSpan(title, 'bold')],
    ...chart.series.flatMap(({ data }) => data.map(({ label, value }) => [plainSpan(`${label}: ${value}`)])),
  ];
}

function unknownBlock({ type }: { type: string }): never {
  throw new Error(`the sandbox draws no ${type}`);
}
