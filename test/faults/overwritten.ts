// What the table held before its last write, told by the calls that wrote it.
import type { WrittenItem } from '../sandbox/play/items.ts';
import type { RecordedCall } from '../sandbox/servers/wire.ts';
import type { World } from './fault-world.ts';

/** The last record of an IAM user that took another's place: the one before, and itself. */
export function lastOverwritten(world: World): { former: WrittenItem; latest: WrittenItem } | undefined {
  const since = world.sandbox.aws.wire.calls.flatMap(writtenBy);
  const written = [...world.given, ...since].filter(({ sk }) => sk?.S === 'CURRENT');
  for (const [index, latest] of [...written.entries()].reverse()) {
    const former = written.slice(0, index).findLast(({ pk }) => pk?.S === latest.pk?.S);
    if (former) return { former, latest };
  }
  return undefined;
}

function writtenBy({ action, input, effect }: RecordedCall): WrittenItem[] {
  return action === 'PutItem' && effect?.status === 200 ? [input.Item as WrittenItem] : [];
}
