// What keys, accounts and numbers of things are called.
import { type AccessKeyId, ending, masked } from '../../../domain/access-key.ts';
import { code, prose } from '../escape.ts';

/** `…4NOP`: tells two keys apart and gives nothing away. */
export function keyName(id: AccessKeyId): string {
  return code(`…${ending(id)}`);
}

export function maskedKey(id: AccessKeyId): string {
  return code(masked(id));
}

/** `prod (1111-2222-3333)`, or the number alone where the account has no name. */
export function accountLabel(account: string, name = ''): string {
  const number = account.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
  return name && name !== account ? `${prose(name, 40)} (${number})` : number;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
