// What the people in a summary are called. A name that cannot be had is left out: it is not worth failing for.
import type { Owner } from '../../domain/owner.ts';
import { OutsideError } from '../../usecases/errors.ts';
import type { Directory } from '../../usecases/ports.ts';
import type { Summary } from '../../usecases/summary.ts';
import { MOST_ROWS } from './blocks/summary.ts';

export async function peopleNames(
  { overdue, preview }: Pick<Summary, 'overdue' | 'preview'>,
  directory: Pick<Directory, 'personById'>,
): Promise<(slackId: string) => string | undefined> {
  const shown = [...overdue.slice(0, MOST_ROWS), ...preview.slice(0, MOST_ROWS)];
  const ids = new Set(shown.flatMap(({ owner }) => idOf(owner)));
  const names = new Map<string, string | undefined>();
  for (const id of ids) names.set(id, await nameOrNothing(id, directory));
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

function idOf(owner: Owner): string[] {
  return owner.kind === 'person' ? [owner.slackId] : [];
}
