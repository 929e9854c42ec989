// What people are called. A name that cannot be had is left out: it is not worth failing for.
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory } from '../../usecases/ports.ts';
import type { PersonName } from './wording/shared/owner-names.ts';

export async function peopleNames(
  slackIds: Iterable<string>,
  directory: Pick<Directory, 'personById'>,
): Promise<PersonName> {
  const names = new Map<string, string | undefined>();
  for (const id of new Set(slackIds)) names.set(id, await nameOrNothing(id, directory));
  return (id) => names.get(id);
}

async function nameOrNothing(
  id: string,
  directory: Pick<Directory, 'personById'>,
): Promise<string | undefined> {
  try {
    return (await directory.personById(id))?.name;
  } catch (error) {
    if (error instanceof OutsideError) return undefined;
    throw error;
  }
}
