// What is said of a message on a queue that no job can be made of.

/** Its own words are not repeated here: they end up in a log. */
export class UnreadableJob extends Error {
  constructor(why: string) {
    super(`the job cannot be read: ${why}`);
    this.name = 'UnreadableJob';
  }
}
