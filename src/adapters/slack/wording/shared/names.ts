// What keys, accounts and numbers of things are called.
import { type AccessKeyId, ending, masked } from '../../../../domain/access-key.ts';
import { code, prose } from '../../escape.ts';

/** `…4NOP`: tells two keys apart and gives nothing away. */
export function keyName(id: AccessKeyId): string {
  return code(plainKey(id));
}

/** The same for labels, where there is no code. */
export function plainKey(id: AccessKeyId): string {
  return `…${ending(id)}`;
}

export function maskedKey(id: AccessKeyId): string {
  return code(masked(id));
}

/** `prod (1111-2222-3333)`, or the number alone where the account has no name. */
export function accountLabel(account: string, name = ''): string {
  const number = account.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
  return name && name !== account ? `${prose(name, 40)} (${number})` : number;
}

/** What somebody wrote into a form or a tag: on one line, and harmless. */
export function inTheirWords(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return prose(lines.filter((line) => line !== '').join(', '), 300).replace(/[.\s]+$/, '');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
