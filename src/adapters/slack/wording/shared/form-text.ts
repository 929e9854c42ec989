// What the slack function says by itself: the forms that a press opens, and that it could not do its part.
import type { IamUserId } from '../../../../domain/iam-user.ts';
import type { DatedMove, FormMove } from '../../../../domain/moves/rows.ts';
import type { MoveOfMany } from '../../../../usecases/jobs.ts';
import { code } from '../../escape.ts';
import { accountLabel, count, whole } from './names.ts';

export interface InputWords {
  label: string;
  hint: string;
}

interface FormWords {
  /** Title, submit and close have at most 24 characters. */
  title: string;
  submit: string;
  close: string;
  about: (facts: { postponeDays: number }) => string;
  /** What speaks against it, where AWS has shown it so far. */
  doubt?: string;
  until?: InputWords;
  text: InputWords & { placeholder?: string; hasLines?: true };
}

export const FORM_WORDS: Record<FormMove, FormWords> = {
  postpone: {
    title: 'I need more time',
    submit: 'Send',
    close: 'Cancel',
    about: ({ postponeDays }) =>
      `Up to ${count(postponeDays, 'day')} beyond the deadline are yours to take. Beyond that an admin decides.`,
    until: { label: 'Until when?', hint: 'Until then I do not remind you.' },
    text: { label: 'Why?', hint: 'Your admins read it; no secrets here.' },
  },
  notMine: {
    title: 'Not mine',
    submit: 'Send',
    close: 'Cancel',
    about: () => 'An admin then finds out whose it is. Nothing changes in AWS.',
    text: {
      label: 'Whose is it, if you know?',
      placeholder: 'A name, a team, or “I do not know”',
      hint: 'Your admins read it; no secrets here.',
    },
  },
  confirmMigration: {
    title: 'Replaced everywhere?',
    submit: 'Yes, everywhere',
    close: 'Not yet',
    about: () => 'Nothing is turned off yet: that is the next step, and it asks again.',
    doubt:
      '*When I last asked AWS, nobody had fetched the new key, and nothing had used it.* That may be an hour ago: I ask again when you send this. If it is not in place yet, put it in place first.',
    text: {
      label: 'Where did you replace it?',
      hint: 'Shown at the next rotation; no secrets here.',
      hasLines: true,
    },
  },
} satisfies Record<FormMove, FormWords> & Record<DatedMove, { until: InputWords }>;

interface ManyWords {
  /** On the button of a list. */
  label: (users: number) => string;
  title: string;
  submit: (users: number) => string;
  about: (users: number) => string;
}

/** Title and submit have at most 24 characters. */
export const MANY_WORDS: Record<MoveOfMany, ManyWords> = {
  createKey: {
    label: (users) => `Create ${whole(users)} new keys`,
    title: 'Create new keys',
    submit: (users) => `Create ${whole(users)} keys`,
    about: (users) =>
      `${count(users, 'new key is made, for this IAM user', 'new keys are made, one for each of these IAM users')}. The old ones still work: nothing breaks until you say so.`,
  },
  retire: {
    label: () => 'None of these is needed',
    title: 'Not needed any more',
    submit: (users) => `Turn ${whole(users)} off`,
    about: (users) =>
      `${count(users, 'key is', 'keys are')} turned off, and no new ones are made: *calls made with them fail at once*. You can turn each back on until you delete it. One that was used lately is left on, and I ask you about it.`,
  },
};

export function manyRow({ userName, account }: IamUserId, accountName: string | undefined): string {
  return `• ${code(userName)} · ${accountLabel(account, accountName)}`;
}

export const HAND_OVER_WORDS = {
  title: 'Hand over',
  submit: 'Hand over',
  close: 'Cancel',
  about:
    'All IAM users that the message names here get another owner, who hears of them with their next message. Those that belong to somebody else by now stay as they are. Nothing changes in AWS.',
  label: 'To whom?',
  hint: 'For a private channel, type /keyrotate assign for each.',
};

export const ASSIGN_OWNERS = 'Assign owners…';

/** Of the form that the worker fills with those without an owner. */
export const OWNERS_WORDS = {
  title: 'Assign owners',
  close: 'Close',
  waiting:
    'One moment. With many IAM users it takes up to a minute, and goes on if you close this. If nothing comes, close it and try again.',
};
export const OWNERS_COMPLAINTS = {
  eitherOr: 'Either choose above, or write here: not both.',
  chooseWhom: 'Choose a person here, or a private channel below.',
  chooseOnce: 'Choose a person or a channel, not both.',
  chooseFirst: 'Choose IAM users here, or tick “all” below.',
  pickOrWrite: 'Choose IAM users and an owner above, or write a rule here.',
};

export const CHOOSE_ANOTHER_DAY = 'Choose a day in the future, at most a year ahead.';
export const WRITE_A_FEW_WORDS = 'Write a few words, at most 300 characters.';
export const LEAVE_OUT_SECRETS =
  'This looks like a secret access key. Leave it out: secrets never go into Slack.';
export const NOT_DONE = 'I could not answer just now. Nothing was changed. Please try again in a minute.';
export const FORM_NOT_OPENED = 'The form could not be opened. Please press again.';
