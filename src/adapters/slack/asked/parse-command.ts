// What was typed after /keyrotate, understood or not.
import { USER_NAME } from '../../../domain/iam-names.ts';
import type { Link } from '../../../domain/owner.ts';
import { fitsPattern, isOwnerTable, isSame, readOwnerRules } from '../../../domain/owner-rules.ts';
import { type Command, type CommandWord, type Target, TOOLS, type Unclear } from '../../../usecases/jobs.ts';
import { holdsSecret } from '../../secret-like.ts';
import { cut } from '../escape.ts';

export interface Accounts {
  accounts: readonly string[];
  accountName(account: string): string | undefined;
}

/** What stands behind a word of ours. */
interface Typed {
  word: CommandWord;
  rest: string;
  among: Accounts;
}

const WORDS: Record<CommandWord, (typed: Typed) => Command> = {
  help: () => ({ name: 'help' }),
  status: (typed) => ofPerson(typed, 'status'),
  list: (typed) => ofPerson(typed, 'list'),
  rotate: (typed) => (typed.rest === '' ? { name: 'rotate' } : rotateOf(typed)),
  show: (typed) => withTarget(typed, (target) => ({ name: 'show', target })),
  history: (typed) => withTarget(typed, (target) => ({ name: 'history', target })),
  how,
  assign,
  unassign: (typed) => withTarget(typed, (target) => ({ name: 'unassign', target })),
  owners,
  summary: (typed) =>
    /^csv$/i.test(typed.rest) ? { name: 'summaryTable' } : alone(typed, { name: 'summary' }),
  sweep: (typed) => alone(typed, { name: 'sweep' }),
  check: (typed) => alone(typed, { name: 'check' }),
  redrive: (typed) => alone(typed, { name: 'redrive' }),
};

export function parseCommand(text: string, among: Accounts): Command {
  const [, first = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text.trim()) ?? [];
  const word = first.toLowerCase();
  if (word === '') return { name: 'keys' };
  return isCommandWord(word) ? WORDS[word]({ word, rest, among }) : unclear({ kind: 'unknown', text });
}

function isCommandWord(word: string): word is CommandWord {
  return Object.hasOwn(WORDS, word);
}

function alone({ rest, word }: Typed, command: Command): Command {
  return rest === '' ? command : misused(word);
}

function misused(word: CommandWord): Command {
  return unclear({ kind: 'misused', word });
}

function unclear(what: Unclear): Command {
  return { name: 'help', unclear: what };
}

/** The manifest asks Slack to send people and channels by id: `<@U123|name>`. A name may have spaces. */
const PERSON = /^<@(?<slackId>[UW][A-Z0-9]{1,49})(?:\|[^>]*)?>$/;
const CHANNEL = /^<#(?<channelId>[CG][A-Z0-9]{1,49})(?:\|[^>]*)?>$/;

function ofPerson({ rest, word }: Typed, name: 'status' | 'list'): Command {
  if (rest === '') return { name };
  const { slackId } = PERSON.exec(rest)?.groups ?? {};
  return slackId === undefined ? misused(word) : { name, slackId };
}

/** Four characters, as they stand beside every key, or the whole id, as whoever found it somewhere has it. */
const WITH_KEY = /^(?<what>.*[\w+=,.@-])\s+[….*]*(?<ending>[A-Z0-9]{4}|A[A-Z]{3}[A-Z0-9]{12,28})$/is;

function rotateOf(typed: Typed): Command {
  const { what: rest = typed.rest, ending } = WITH_KEY.exec(unlinked(typed.rest))?.groups ?? {};
  return withTarget({ ...typed, rest }, (target) => ({
    ...{ name: 'rotate', target },
    ...(ending !== undefined && { ending: ending.toUpperCase() }),
  }));
}

/** The tool may be left out. */
function how(typed: Typed): Command {
  const [, rest = typed.rest, last = ''] = /^(.*\S)\s+(\S+)$/s.exec(typed.rest) ?? [];
  const tool = TOOLS.find((one) => one === last.toLowerCase());
  return withTarget(tool ? { ...typed, rest } : typed, (target) => ({
    ...{ name: 'how', target, tool: tool ?? 'profile' },
  }));
}

function assign(typed: Typed): Command {
  const [, rest = '', whom = ''] = /^(.*?)\s*(<[@#][^>]*>)$/s.exec(typed.rest) ?? [];
  const to = ownerTyped(whom);
  if (!to) return misused(typed.word);
  return withTarget({ ...typed, rest }, (target) => ({ name: 'assign', target, to }));
}

/** All of those without an owner, those that fit what is typed, or what is to become of them. */
function owners({ rest, among }: Typed): Command {
  const text = unescaped(rest).trim();
  // A secret is shown and kept nowhere, not even for a day.
  if (text === '' || holdsSecret(text)) return { name: 'owners' };
  if (/^csv$/i.test(text)) return { name: 'ownersTable' };
  if (/^csv\s+all$/i.test(text)) return { name: 'ownersTable', all: true };
  return planFor(text, among) ?? { name: 'owners', search: cut(text, 64) };
}

function ownerTyped(whom: string): Link['to'] | undefined {
  const { slackId } = PERSON.exec(whom)?.groups ?? {};
  if (slackId !== undefined) return { kind: 'person', slackId };
  const { channelId } = CHANNEL.exec(whom)?.groups ?? {};
  return channelId === undefined ? undefined : { kind: 'channel', channelId };
}

/** `user` or `account/user`. IAM user names have no slash, names of accounts may. */
function withTarget({ rest, word, among }: Typed, command: (target: Target) => Command): Command {
  const text = unlinked(rest);
  const slash = text.lastIndexOf('/');
  const userName = text.slice(slash + 1).trim();
  if (!USER_NAME.test(userName)) return misused(word);
  if (slash < 0) return command({ userName });
  const name = text.slice(0, slash).trim();
  if (name === '') return misused(word);
  const account = accountCalled(name, among);
  if (account === undefined) return unclear({ kind: 'unknownAccount', word, name });
  return command({ account, userName });
}

/**
 * Slack takes what looks like an address for a link, `<mailto:a@b.c|a@b.c>`, and escapes three characters. Whoever
 * copies a command from a message may bring its marks along.
 */
function unlinked(text: string): string {
  return text
    .replaceAll('`', '')
    .replace(
      /<(?:mailto:|https?:\/\/)([^|>]*)(?:\|([^>]*))?>/g,
      (_, address: string, shown?: string) => shown || address,
    )
    .replace(/^.*$/s, unescaped);
}

export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** By its 12 digits, also as they are shown, or by its name; a name that two accounts have stands for neither. */
function accountCalled(name: string, { accounts, accountName }: Accounts): string | undefined {
  const digits = accountDigits(name);
  if (accounts.includes(digits)) return digits;
  const [account, another] = accounts.filter((one) => accountName(one)?.toLowerCase() === name.toLowerCase());
  return another === undefined ? account : undefined;
}

function accountDigits(name: string): string {
  return name.replace(/^(\d{4})-(\d{4})-(\d{4})$/, '$1$2$3');
}

/** What to do with a text that names owners; undefined: it does not. */
export function planFor(text: string, { accounts, accountName }: Accounts): Command | undefined {
  const rules = readOwnerRules(text, (pattern, isExact) => {
    const number = accountDigits(pattern);
    const fits = isExact ? isSame : fitsPattern;
    return accounts.filter((one) => fits(number, one) || fits(pattern, accountName(one) ?? one));
  });
  return rules.rules.length > 0 || isOwnerTable(text) ? { name: 'planOwners', rules } : undefined;
}
