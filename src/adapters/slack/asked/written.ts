// What somebody wrote to keyrotate without a slash: a command's word does what the command does, all else is talk.
import type * as z from 'zod/mini';
import { isOwnerTable } from '../../../domain/owner-rules.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Command, CommandJob } from '../../../usecases/jobs.ts';
import { holdsSecret } from '../../secret-like.ts';
import type { Written } from './answered.ts';
import { type Accounts, parseCommand, planFor, unescaped } from './parse-command.ts';

/**
 * Slack sends an event up to three times more, at once, after one and after five minutes, and SQS knows an id for five:
 * one that comes later than this could be answered twice. https://docs.slack.dev/apis/events-api/#retries
 */
const LATEST_MS = 4 * 60_000;

/** undefined: it comes so late that it may have been answered. */
export function readWritten(
  { event, event_id, event_time }: z.output<typeof Written>,
  { among, at }: { among: Accounts; at: Instant },
): CommandJob | undefined {
  const askedAt = event_time * 1000;
  if (at - askedAt > LATEST_MS) return undefined;
  const { user, channel, text } = event;
  const command = parseWritten(text, among);
  const place = { channel, isDirect: true as const };
  return { kind: 'command', id: `command/${event_id}`, command, askedAt, personId: user, place };
}

const NOT_MINE =
  /\b(?:not|isn['’]?t|never was)\s+(?:really\s+)?(?:mine|ours|my)\b|\bwrong (?:person|owner)\b/i;

function parseWritten(text: string, among: Accounts): Command {
  if (holdsSecret(text)) return { name: 'talk', about: 'secret' };
  // A table is pasted as it is.
  const table = isOwnerTable(unescaped(text)) ? planFor(unescaped(text), among) : undefined;
  if (table) return table;
  const said = text.replace(/^\s*\/?keyrotate\b[\s:,]*/i, '').replace(/^\s*(\w+)[.!?]+\s*$/, '$1');
  const command = parseCommand(said, among);
  if (command.name !== 'help' || !command.unclear || command.unclear.kind === 'unknownAccount')
    return command;
  return { name: 'talk', about: NOT_MINE.test(text) ? 'notMine' : 'anything' };
}
