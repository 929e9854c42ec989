// The calls that change keys or secrets: where nothing may come of something, none is made.
import type { Call } from '../../sandbox/servers/wire.ts';

export function isWrite({ service, action }: Call): boolean {
  return (service === 'iam' || service === 'secretsmanager') && !/^(?:Get|List|Describe)/.test(action);
}
