// The admin summary, within Slack's limits whatever the numbers.
import type { KnownBlock } from '@slack/types';
import type { Summary } from '../../../usecases/summary.ts';
import {
  accountsChecked,
  andMore,
  figures,
  type Matter,
  matters,
  NOTHING_TO_ACT_ON,
  previewMatter,
  type SummaryFacts,
  summaryHeading,
  summaryText,
  underWay,
  whereToAsk,
} from '../wording/summary.ts';
import { type Content, section, smallPrint } from './parts.ts';

/** Seven lists of so many characters stay below Slack's 13,000 for a message. */
export const MOST_ROWS = 5;
const MOST_CHARACTERS = 1400;

export function buildSummary(summary: Summary, facts: SummaryFacts): Content {
  const needs = matters(summary, facts);
  const blocks: KnownBlock[] = [
    section(`*${summaryHeading(summary)}*`, figures(summary, facts)),
    ...(needs.length > 0 ? needs.map(listed) : [section(NOTHING_TO_ACT_ON)]),
    ...(summary.preview.length > 0 ? [listed(previewMatter(summary, facts))] : []),
    section(underWay(summary)),
    ...smallPrint(accountsChecked(summary), whereToAsk(facts)),
  ];
  return { text: summaryText(summary, facts), blocks };
}

function listed({ heading, rows }: Matter): KnownBlock {
  const shown = rowsThatFit(rows).map((row) => `• ${row}`);
  const rest = rows.length - shown.length;
  return section(`*${heading}*`, ...shown, rest > 0 ? andMore(rest) : undefined);
}

function rowsThatFit(rows: readonly string[]): string[] {
  let characters = 0;
  return rows.slice(0, MOST_ROWS).filter((row) => {
    characters += row.length;
    return characters <= MOST_CHARACTERS;
  });
}
