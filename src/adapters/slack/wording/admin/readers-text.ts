// What admins are told of roles in SECRET_READERS that do not exist.
import { code } from '../../escape.ts';
import { andMore } from '../shared/names.ts';

/** A path of 512 and a name of 64 characters, after the account. */
const LONGEST_ARN = 620;
const SHOWN = 4;

export function unknownReaders(
  arns: readonly string[],
  account: string,
): { headline: string; lines: (string | undefined)[] } {
  const [what, these, role] =
    arns.length === 1 ? ['a role that does', 'it', 'role'] : ['roles that do', 'them', 'roles'];
  const shown = arns.slice(0, SHOWN).map((arn) => `• ${code(arn, LONGEST_ARN)}`);
  const headline = `SECRET_READERS names ${what} not exist in account ${account}.`;
  const lines = [
    ...shown,
    andMore(arns.length - SHOWN),
    `New keys are made all the same. Their secrets are not opened to ${these}, only to the IAM user and to the other readers.`,
    `Make the ${role}, or correct \`SECRET_READERS\` and deploy. Secrets that are stored already follow in the nights after.`,
  ];
  return { headline, lines };
}
