// A private answer to one person: one sentence, and what it is about.
import type { Refusal } from '../../../domain/refusal.ts';
import type { Asker } from '../../../usecases/ports.ts';
import { code } from '../escape.ts';
import { accountLabel } from '../wording/names.ts';
import { type RefusalFacts, refusalWords } from '../wording/refusals.ts';
import { sweepStarted } from '../wording/summary.ts';
import { type Content, section, smallPrint } from './parts.ts';

export interface NoticeFacts extends RefusalFacts {
  accountName: (account: string) => string | undefined;
}

export function buildRefusal(asker: Asker, refusal: Refusal, facts: NoticeFacts): Content {
  const text = refusalWords(refusal, facts);
  return { text, blocks: [section(text), ...smallPrint(about(asker, facts))] };
}

export function buildSweepStarted(accounts: number): Content {
  const text = sweepStarted(accounts);
  return { text, blocks: [section(text)] };
}

/** A person may have several cards, and a private answer stands below all of them. */
function about(asker: Asker, { accountName }: NoticeFacts): string | undefined {
  if (asker.kind === 'command') return undefined;
  return `IAM user ${code(asker.userName)} · account ${accountLabel(asker.account, accountName(asker.account))}`;
}
