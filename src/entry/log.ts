// Where the functions' logs go: standard output, which Lambda hands to CloudWatch.
import { jsonLog } from '../adapters/json-log.ts';
import type { Log } from '../usecases/ports.ts';

export function logFor(functionName: string, requestId?: string): Log {
  return jsonLog({ write: (line) => console.log(line), now: Date.now, functionName, requestId });
}
