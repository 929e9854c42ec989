// What admins read of secrets of IAM users that are gone: before they are deleted, and after.
import { DAY, type Instant } from '../../../../domain/time.ts';
import { RECOVERY_DAYS } from '../../../../domain/vault-path.ts';
import type { SecretsDeleted } from '../../../../usecases/commands/answers.ts';
import { code } from '../../escape.ts';
import { day } from '../shared/dates.ts';
import type { Dialog } from '../shared/moves.ts';
import { count, nameOrId, type PersonName, whole } from '../shared/names.ts';

export const DELETE_SECRETS = 'Delete these secrets…';

const RESTORE = 'aws secretsmanager restore-secret --secret-id …';

/** Slack takes 300 characters. */
export function deletionDialog(number: number): Dialog {
  return {
    title: `Delete ${count(number, 'secret')}?`,
    text: `Each is looked at once more: only those of IAM users that AWS no longer has are deleted. AWS keeps them for ${RECOVERY_DAYS} days, and until then “${RESTORE}” brings one back. After that nobody can.`,
    confirm: 'Delete',
    deny: 'Not now',
  };
}

/** To whoever pressed. */
export function deletedWords({ scheduled, wouldBe, tooMany, isOvertaken }: SecretsDeleted): string {
  const some = scheduled.length;
  const none = some > 0 ? 'no more were deleted' : 'none was deleted';
  const said = [
    some > 0 &&
      `${count(some, 'secret is', 'secrets are')} scheduled for deletion. The admin channel says which, and until when they can be restored.`,
    tooMany !== undefined &&
      `${some > 0 ? 'With these there' : 'There'} are ${whole(some + tooMany)} secrets of IAM users that are gone by now, more than you were asked about, so ${none}. ${HOW_IT_STANDS}`,
    isOvertaken &&
      `Another admin’s press had such secrets deleted after you pressed, so for yours ${none}. ${HOW_IT_STANDS}`,
    wouldBe !== undefined &&
      `In preview no secret is deleted. In live mode I would schedule ${count(wouldBe, 'secret')} for deletion.`,
  ].filter((words) => typeof words === 'string');
  return said.join(' ') || 'No secret was scheduled for deletion.';
}

const HOW_IT_STANDS = '`/keyrotate summary` shows how it stands.';

export interface DeletedFacts {
  /** Who pressed. */
  slackId: string;
  personName: PersonName;
  now: Instant;
  /** Where the secrets lie. */
  paths: string[];
}

/** To all admins, and to stay. */
export function deletedNotice({ slackId, personName, now, paths }: DeletedFacts): {
  headline: string;
  rows: string[];
  advice: string;
} {
  const had = `had ${count(paths.length, 'secret')} of IAM users that are gone scheduled for deletion`;
  return {
    headline: `${nameOrId(slackId, personName)} ${had}.`,
    rows: paths.map((path) => `• ${code(path, 600)}`),
    advice: `AWS keeps them until ${day(now + RECOVERY_DAYS * DAY)}. Until then this brings one back: ${code(RESTORE)}`,
  };
}
