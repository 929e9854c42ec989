// Why nothing was done: one sentence for a person, with what to do next, and the exit code that programs go by.

/** `usage`: typed wrongly. `secret`: it could not be fetched. `key`: it does not work. `file`: it is not to be touched. */
export type Kind = 'usage' | 'secret' | 'key' | 'file';

export const EXIT_CODES: Record<Kind, number> = { usage: 2, secret: 3, key: 4, file: 5 };

export class Refused extends Error {
  constructor(
    readonly kind: Kind,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}
