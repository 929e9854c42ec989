// Trouble on request: what AWS or Slack do to the next calls.
import type { Call, Fault } from '../servers/wire.ts';

export const TROUBLE_NAMES = [
  ...['slack-down', 'iam-throttles', 'right-missing', 'answer-lost', 'answer-late'],
] as const;
export type TroubleName = (typeof TROUBLE_NAMES)[number];

export const TROUBLE_LABELS: Record<TroubleName, string> = {
  'slack-down': 'Slack’s API is down',
  'iam-throttles': 'IAM throttles every call',
  'right-missing': 'The worker may not read its table',
  'answer-lost': 'The next answer to CreateAccessKey is lost',
  'answer-late': 'keyrotate answers Slack too late, once',
};

export interface Troubles {
  on(name: TroubleName): boolean;
  set(name: TroubleName, on: boolean): void;
  clear(): void;
  /** Whether Slack has waited for long enough before this answer comes. Once. */
  isLate(): boolean;
  faultFor(call: Call): Fault | undefined;
}

export function troubles(): Troubles {
  const on = new Set<TroubleName>();
  return {
    on: (name) => on.has(name),
    set(name, isOn) {
      if (isOn) on.add(name);
      else on.delete(name);
    },
    clear: () => on.clear(),
    isLate: () => on.delete('answer-late'),
    faultFor({ service, action, caller }) {
      if (service === 'slack' && on.has('slack-down'))
        return { kind: 'refuse', status: 503, code: 'service_unavailable' };
      if (service === 'iam' && on.has('iam-throttles'))
        return { kind: 'refuse', status: 400, code: 'Throttling', message: 'Rate exceeded' };
      if (action === 'GetItem' && caller?.includes('worker') && on.has('right-missing'))
        return { kind: 'refuse', status: 400, code: 'AccessDeniedException' };
      // Once: who asks again finds AWS well.
      if (action === 'CreateAccessKey' && on.delete('answer-lost')) return { kind: 'lose' };
      return undefined;
    },
  };
}
