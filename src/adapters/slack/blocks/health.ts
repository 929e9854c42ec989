// How keyrotate itself stands: the answer to `check`, and what admins are told of it.
import { type Finding, type HealthNotice, isWrong } from '../../../usecases/health/findings.ts';
import {
  findingRow,
  firstSteps,
  healthHeading,
  insteadOfChannel,
  modeRow,
  noticeHeading,
} from '../wording/health/health-text.ts';
import type { AccountName } from '../wording/shared/names.ts';
import { type Content, section } from './parts.ts';

/** All of it, the wrong before the rest. */
export function buildHealth(findings: readonly Finding[], accountName: AccountName): Content {
  const heading = healthHeading(findings);
  const rows = worstFirst(findings).map((finding) => section(findingRow(finding, accountName)));
  return { text: heading, blocks: [section(`*${heading}*`), ...rows] };
}

/** What changed, and what is wrong. `refusedAs`: why it is not in the admin channel. */
export function buildHealthNotice(
  notice: HealthNotice,
  accountName: AccountName,
  refusedAs?: string,
): Content {
  const heading = noticeHeading(notice);
  const wrong = notice.findings.filter(isWrong);
  const standsBack = wrong.some(({ check }) => check === 'deployments');
  const isPreview = notice.modes.every(({ mode }) => mode === 'preview');
  return {
    text: heading,
    blocks: [
      section(`*${heading}*`, ...notice.modes.map((mode) => modeRow(mode, accountName))),
      ...wrong.map((finding) => section(findingRow(finding, accountName))),
      ...(notice.isFirst && !standsBack ? [section(firstSteps(isPreview))] : []),
      ...(refusedAs === undefined ? [] : [section(insteadOfChannel(refusedAs))]),
    ],
  };
}

function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)));
}
