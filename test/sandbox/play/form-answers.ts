/** A button that opens a form, and what somebody writes into it, by the labels of its fields. */
export interface FormAnswer {
  button: string;
  written: Record<string, string>;
}

/** By the name of the move. `day` is YYYY-MM-DD, for a form that asks until when. */
export const formAnswers = (day: string) =>
  ({
    postpone: { button: 'I need more time', written: { 'Until when?': day, 'Why?': 'The vendor is slow' } },
    notMine: { button: 'Not mine', written: { 'Whose is it, if you know?': 'No idea' } },
    confirmMigration: {
      button: 'I replaced it everywhere',
      written: { 'Where did you replace it?': 'In the settings of the service' },
    },
  }) satisfies Record<string, FormAnswer>;
