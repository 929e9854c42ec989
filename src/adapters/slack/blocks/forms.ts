// The forms: what is asked, and where they were opened, so that the answer finds its way.
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { type FormMove, MOVE_ROWS } from '../../../domain/moves/rows.ts';
import type { Policy } from '../../../domain/policy.ts';
import { DAY, type Instant } from '../../../domain/time.ts';
import type { Drawn, MoveOfMany, Row, SlackPlace } from '../../../usecases/jobs.ts';
import {
  FORM_WORDS,
  HAND_OVER_WORDS,
  type InputWords,
  MANY_WORDS,
  manyRow,
} from '../wording/shared/form-text.ts';
import { type AccountName, aboutUser } from '../wording/shared/names.ts';
import { plainText, section } from './parts.ts';
import { type FormPress, formId, manyId, manyValue, rowId } from './press.ts';

export const UNTIL = 'until';
export const TEXT = 'text';
export const TO = 'to';
export const MOST_CHARACTERS = 300;

/** Where it was pressed. */
type Place = Pick<SlackPlace, 'channel' | 'ts' | 'drawing' | 'home'>;

interface FormFacts {
  user: IamUserId;
  accountName: string | undefined;
  place: Place;
  policy: Pick<Policy, 'postponeDays' | 'firstNoticeDays' | 'remindDaysBefore'>;
  now: Instant;
}

/** With blocks that the compiler checks. */
export interface Form extends ModalView {
  blocks: KnownBlock[];
}

type NamedElement = InputBlock['element'] & { action_id: string };

export function buildForm(press: FormPress, facts: FormFacts): Form {
  const { move, isTold } = press;
  const { title, submit, close, about, doubt, until } = FORM_WORDS[move];
  const { user, place, policy, now } = facts;
  // The form does not know the deadline: this is later than any that nobody put off.
  const aheadDays = Math.max(policy.firstNoticeDays, ...policy.remindDaysBefore) + 1;
  const blocks: KnownBlock[] = [
    ...(isTold && doubt ? [section(doubt)] : []),
    section(aboutUser(facts), about(policy)),
    ...(until ? [dateInput(until, now + aheadDays * DAY)] : []),
    textInput(move),
  ];
  return modal({ title, submit, close }, formId(press), {
    user,
    place,
    blocks,
  });
}

interface ModalFacts {
  user: IamUserId;
  place: Place;
  blocks: KnownBlock[];
  /** Where it is about many: all of them. */
  many?: string;
}

/** Who owns from now on what a row of the admin channel is about. */
export function buildHandOverForm({ of, ...row }: Row, place: Place): Form {
  const picker = input(HAND_OVER_WORDS, { type: 'users_select', action_id: TO });
  const blocks = [section(HAND_OVER_WORDS.about), picker];
  return modal(HAND_OVER_WORDS, rowId('handOver', row), { user: of, place, blocks });
}

/** Each that the move is for is named, before anything is done. */
export function buildManyForm(
  { move, users }: { move: MoveOfMany; users: readonly Drawn[] },
  user: IamUserId,
  place: Place,
  accountName: AccountName,
): Form {
  const { title, submit, about } = MANY_WORDS[move];
  const rows = users.map((one) => manyRow(one, accountName(one.account)));
  const blocks = [section(about(users.length)), ...inSections(rows)];
  const words = { title, submit: submit(users.length), close: 'Cancel' };
  return modal(words, manyId(move), { user, place, blocks, many: manyValue(users) });
}

/** A section holds 3,000 characters; a row has seven hundred at most, with all that is escaped in it. */
const ROWS_IN_SECTION = 4;

function inSections(rows: readonly string[]): KnownBlock[] {
  const starts = rows.map((_, nth) => nth).filter((nth) => nth % ROWS_IN_SECTION === 0);
  return starts.map((from) => section(...rows.slice(from, from + ROWS_IN_SECTION)));
}

function modal(
  { title, submit, close }: { title: string; submit: string; close: string },
  callback_id: string,
  { user: { account, userName }, place, blocks, many }: ModalFacts,
): Form {
  const { channel, ts, drawing, home } = place;
  return {
    type: 'modal',
    callback_id,
    private_metadata: JSON.stringify({ account, userName, channel, ts, drawing, home, many }),
    title: plainText(title),
    submit: plainText(submit),
    close: plainText(close),
    blocks,
  };
}

function dateInput(words: InputWords, initial: Instant): InputBlock {
  const initial_date = new Date(initial).toISOString().slice(0, 10);
  return input(words, { type: 'datepicker', action_id: UNTIL, initial_date });
}

function textInput(move: FormMove): InputBlock {
  const { text } = FORM_WORDS[move];
  const { placeholder, hasLines } = text;
  const element: NamedElement = {
    type: 'plain_text_input',
    action_id: TEXT,
    max_length: MOST_CHARACTERS,
    multiline: hasLines ?? false,
    ...(placeholder && { placeholder: plainText(placeholder) }),
  };
  return { ...input(text, element), optional: MOVE_ROWS[move].asksFor === 'textIfAny' };
}

/** Alone in its block, and they share a name. */
function input({ label, hint }: InputWords, element: NamedElement): InputBlock {
  return {
    type: 'input',
    block_id: element.action_id,
    label: plainText(label),
    hint: plainText(hint),
    element,
  };
}
