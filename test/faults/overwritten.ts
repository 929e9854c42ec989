// What the table held before its last write, told by the calls that wrote it.
import type { RecordedCall } from '../sandbox/wire.ts';
import type { Written } from './journal.ts';
import type { World } from './world.ts';

export type WrittenItem = Record<string, Written>;

/** The last record of an IAM user that took another's place: the one before, and itself. */
export function lastOverwritten(world: World): { former: WrittenItem; latest: WrittenItem } | undefined {
  const written = [
    ...(world.former ? [world.former] : []),
    ...world.sandbox.aws.wire.calls.flatMap(writtenBy).filter(({ sk }) => sk?.S === 'CURRENT'),
  ];
  for (const [index, latest] of [...written.entries()].reverse()) {
    const former = written.slice(0, index).findLast(({ pk }) => pk?.S === latest.pk?.S);
    if (former) return { former, latest };
  }
  return undefined;
}

function writtenBy({ action, input, effect }: RecordedCall): WrittenItem[] {
  if (effect?.status !== 200) return [];
  if (action === 'PutItem') return [input.Item as WrittenItem];
  if (action !== 'BatchWriteItem') return [];
  const requests = Object.values(input.RequestItems as Record<string, Put[]>).flat();
  return requests.flatMap(({ PutRequest }) => (PutRequest ? [PutRequest.Item] : []));
}

interface Put {
  PutRequest?: { Item: WrittenItem };
}
