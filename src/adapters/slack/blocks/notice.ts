// A private answer to one person: one sentence, and what it is about.
import type { Refusal } from '../../../domain/refusal.ts';
import type { ClickJob, CommandJob } from '../../../usecases/jobs.ts';
import { code } from '../escape.ts';
import { accountLabel } from '../wording/names.ts';
import { type RefusalFacts, refusalWords } from '../wording/refusals.ts';
import { sweepStarted } from '../wording/summary.ts';
import { type Content, section, smallPrint } from './parts.ts';

export interface NoticeFacts extends RefusalFacts {
  accountName: (account: string) => string | undefined;
}

export function buildRefusal(job: ClickJob | CommandJob, refusal: Refusal, facts: NoticeFacts): Content {
  const text = refusalWords(refusal, facts);
  return { text, blocks: [section(text), ...smallPrint(about(job, facts))] };
}

export function buildSweepStarted(accounts: number): Content {
  const text = sweepStarted(accounts);
  return { text, blocks: [section(text)] };
}

/** A person may have several cards, and a private answer stands below all of them. */
function about(job: ClickJob | CommandJob, { accountName }: NoticeFacts): string | undefined {
  if (job.kind === 'command') return undefined;
  return `IAM user ${code(job.userName)} · account ${accountLabel(job.account, accountName(job.account))}`;
}
