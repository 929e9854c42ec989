// The forms: what is asked, and where they were opened, so that the answer finds its way.
import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { IamUserId } from '../../../domain/iam-user.ts';
import { type FormMove, MOVE_ROWS } from '../../../domain/moves/rows.ts';
import { DAY, type Instant } from '../../../domain/time.ts';
import type { Row, SlackPlace } from '../../../usecases/jobs.ts';
import { FORM_WORDS, HAND_OVER_WORDS, type InputWords } from '../wording/shared/form-text.ts';
import { aboutUser } from '../wording/shared/names.ts';
import { plainText, section } from './parts.ts';
import { pressId, rowId } from './press.ts';

export const UNTIL = 'until';
export const TEXT = 'text';
export const TO = 'to';
export const MOST_CHARACTERS = 300;

const AHEAD = 7 * DAY;

/** Where it was pressed. */
type Place = Pick<SlackPlace, 'channel' | 'ts' | 'drawing' | 'home'>;

interface FormFacts {
  user: IamUserId;
  accountName: string | undefined;
  place: Place;
  postponeDays: number;
  now: Instant;
}

/** With blocks that the compiler checks. */
export interface Form extends ModalView {
  blocks: KnownBlock[];
}

type NamedElement = InputBlock['element'] & { action_id: string };

export function buildForm(move: FormMove, facts: FormFacts): Form {
  const { title, submit, close, about, until } = FORM_WORDS[move];
  const { user, place, now } = facts;
  const blocks: KnownBlock[] = [
    section(aboutUser(facts), about(facts)),
    ...(until ? [dateInput(until, now + AHEAD)] : []),
    textInput(move),
  ];
  return modal({ title, submit, close }, pressId(move, false), { user, place, blocks });
}

/** Who owns from now on what a row of the admin channel is about. */
export function buildHandOverForm({ of, ...row }: Row, place: Place): Form {
  const picker = input(HAND_OVER_WORDS, { type: 'users_select', action_id: TO });
  const blocks = [section(HAND_OVER_WORDS.about), picker];
  return modal(HAND_OVER_WORDS, rowId('handOver', row), { user: of, place, blocks });
}

function modal(
  { title, submit, close }: { title: string; submit: string; close: string },
  callback_id: string,
  { user: { account, userName }, place, blocks }: { user: IamUserId; place: Place; blocks: KnownBlock[] },
): Form {
  const { channel, ts, drawing, home } = place;
  return {
    type: 'modal',
    callback_id,
    private_metadata: JSON.stringify({ account, userName, channel, ts, drawing, home }),
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
