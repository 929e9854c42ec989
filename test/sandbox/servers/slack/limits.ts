// Slack's rate limits, for whoever wants them kept. https://docs.slack.dev/apis/web-api/rate-limits
import { type Clock, MINUTE, SECOND } from '../../clock.ts';
import type { Call } from '../wire.ts';

export interface SlackLimits {
  /** Nobody is refused until somebody asks for it. */
  areKept: boolean;
  /** Seconds until a call like this may go through, for `Retry-After`; undefined where this one may, and counts. */
  refuse(call: Pick<Call, 'action' | 'input'>): number | undefined;
}

/** So many calls in any so many milliseconds. */
interface Rate {
  calls: number;
  within: number;
}

const perMinute = (calls: number): Rate => ({ calls, within: MINUTE });
const TIER_2 = perMinute(20);
const TIER_3 = perMinute(50);
const TIER_4 = perMinute(100);
/** "Several hundred messages per minute": taken for three hundred. https://docs.slack.dev/reference/methods/chat.postMessage */
export const MESSAGES = perMinute(300);
/** "1 per second", in each channel. That short bursts may pass is no promise. */
const IN_ONE_CHANNEL: Rate = { calls: 1, within: SECOND };

/** As each method's page says. Where it only says "special", or is not known here, nothing is refused. */
const RATES: Record<string, Rate> = {
  'chat.postMessage': MESSAGES,
  'chat.postEphemeral': TIER_4,
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'users.info': TIER_4,
  'users.lookupByEmail': TIER_3,
  'users.list': TIER_2,
  'users.conversations': TIER_3,
  'usergroups.users.list': TIER_2,
  'conversations.info': TIER_3,
  'conversations.members': TIER_4,
  'bots.info': TIER_3,
  'views.open': TIER_4,
  'views.update': TIER_4,
  'views.publish': TIER_4,
};

/** Each method of the workspace has its own. What was refused does not count. */
export function slackLimits(clock: Clock): SlackLimits {
  const counted = new Map<string, number[]>();

  /** Those that still count; the list is cut where they begin. */
  function recent(key: string, { within }: Rate): number[] {
    const all = counted.get(key) ?? [];
    const kept = all.filter((at) => clock.now() - at < within);
    counted.set(key, kept);
    return kept;
  }

  function waitFor(key: string, rate: Rate): number {
    const all = recent(key, rate);
    const oldest = all[all.length - rate.calls];
    return oldest === undefined ? 0 : oldest + rate.within - clock.now();
  }

  return {
    areKept: false,
    refuse({ action, input }) {
      const rate = RATES[action];
      if (!this.areKept || !rate) return undefined;
      const budgets: [string, Rate][] = [[action, rate]];
      if (action === 'chat.postMessage') budgets.push([`${action} ${input.channel}`, IN_ONE_CHANNEL]);
      const wait = Math.max(...budgets.map(([key, its]) => waitFor(key, its)));
      if (wait > 0) return Math.ceil(wait / SECOND);
      for (const [key] of budgets) counted.get(key)?.push(clock.now());
      return undefined;
    },
  };
}
