// What was filled into a form, checked: the person can mend it while the form is still open.
import * as z from 'zod';
import type { Input } from '../../../domain/iam-user.ts';
import { LONGEST_POSTPONEMENT } from '../../../domain/legality.ts';
import { type FormMove, MOVE_ROWS } from '../../../domain/moves/rows.ts';
import type { Instant } from '../../../domain/time.ts';
import { MOST_CHARACTERS, TEXT, UNTIL } from '../blocks/forms.ts';
import { CHOOSE_ANOTHER_DAY, LEAVE_OUT_SECRETS, WRITE_A_FEW_WORDS } from '../wording/shared/form-text.ts';

const Filled = z.object({
  [TEXT]: z.object({ [TEXT]: z.object({ value: z.string().nullish() }) }),
  [UNTIL]: z.object({ [UNTIL]: z.object({ selected_date: z.iso.date().nullish() }) }).optional(),
});

/** By the block's id. */
export type Complaints = Record<string, string>;

/** undefined: it is none of our forms. */
export function readInput(
  move: FormMove,
  values: unknown,
  now: Instant,
): { input: Input } | { complaints: Complaints } | undefined {
  const { data } = Filled.safeParse(values);
  if (!data) return undefined;
  // Half a character, left by a cut elsewhere, has no place in UTF-8: it could not go on to the queue and the table.
  const text = data[TEXT][TEXT].value?.replace(/\p{Cs}/gu, '').trim() ?? '';
  const until = duringDay(data[UNTIL]?.[UNTIL].selected_date);
  const { asksFor } = MOVE_ROWS[move];
  const hasDate = asksFor === 'dateAndText';
  const complaints = {
    ...about(UNTIL, hasDate ? dateFault(until, now) : undefined),
    ...about(TEXT, textFault(text, asksFor === 'textIfAny')),
  };
  if (Object.keys(complaints).length > 0) return { complaints };
  return { input: { ...(text && { text }), ...(hasDate && until !== undefined && { until }) } };
}

/** The date itself is all that is chosen. At this hour it is that day from Hawaii to New Zealand, where Slack draws it. */
function duringDay(date: string | null | undefined): Instant | undefined {
  return date ? Date.parse(`${date}T10:00:00Z`) : undefined;
}

function dateFault(until: Instant | undefined, now: Instant): string | undefined {
  return until !== undefined && until > now && until <= now + LONGEST_POSTPONEMENT
    ? undefined
    : CHOOSE_ANOTHER_DAY;
}

function textFault(text: string, isOptional: boolean): string | undefined {
  if (looksLikeSecret(text)) return LEAVE_OUT_SECRETS;
  if ([...text].length > MOST_CHARACTERS) return WRITE_A_FEW_WORDS;
  return text === '' && !isOptional ? WRITE_A_FEW_WORDS : undefined;
}

/** 40 characters of base64 that are no hash: what AWS shows once and nobody must paste. */
function looksLikeSecret(text: string): boolean {
  const words = text.match(/(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g) ?? [];
  return words.some((word) => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word));
}

function about(block: string, fault: string | undefined): Complaints {
  return fault === undefined ? {} : { [block]: fault };
}
