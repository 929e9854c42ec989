// What was typed after `npm run bench --`: which parts, and how large.

export const PARTS = [
  ...(['sweep', 'resweep', 'rotate', 'list', 'reminders', 'ack', 'cold', 'bundle'] as const),
  ...(['summary', 'cost', 'accounts'] as const),
];

export type Part = (typeof PARTS)[number];

export interface Sizes {
  /** IAM users of the account, and how many of them the night finds. */
  users: number;
  due: number;
  /** Rotations that are open when a night begins, and when the summary is made. */
  open: number;
  listed: number;
  /** Whose keys come due on one morning. */
  owners: number;
  /** IAM users of the one owner who types. */
  owned: number;
  presses: number;
  /** How often what is timed is repeated. */
  runs: number;
}

export interface Asked {
  parts: readonly Part[];
  sizes: Sizes;
}

export const DEFAULTS: Sizes = {
  ...{ users: 5000, due: 100, open: 1400, listed: 20_000, owners: 1000, owned: 300, presses: 1000, runs: 3 },
};

/** Words are parts, all where none is named. `--open` is for the night and the summary alike. Throws for anything else. */
export function readArguments(given: readonly string[]): Asked {
  const parts: Part[] = [];
  const sizes: Sizes = { ...DEFAULTS };
  const rest = [...given];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--')) Object.assign(sizes, sizeOf(word.slice(2), rest.shift()));
    else parts.push(partOf(word));
  }
  if (sizes.due > sizes.users || sizes.open > sizes.users || sizes.owned > sizes.users)
    throw new Error('of so few IAM users not so many can be due, open or of one owner');
  return { parts: parts.length > 0 ? PARTS.filter((part) => parts.includes(part)) : PARTS, sizes };
}

function partOf(word: string): Part {
  const part = PARTS.find((one) => one === word);
  if (!part) throw new Error(`there is no part ${word}: ${PARTS.join(', ')}`);
  return part;
}

function sizeOf(name: string, text: string | undefined): Partial<Sizes> {
  const value = Number(text);
  if (!Object.hasOwn(DEFAULTS, name)) throw new Error(`there is no --${name}: ${sizeNames()}`);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
  return name === 'open' ? { open: value, listed: value } : { [name]: value };
}

function sizeNames(): string {
  return Object.keys(DEFAULTS)
    .map((name) => `--${name}`)
    .join(', ');
}
