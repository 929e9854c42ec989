// What can be wrong with keyrotate itself, and how it stands.
import type { Instant } from '../../domain/time.ts';
import { ifFailed } from '../errors.ts';

/** What is checked, in the order in which it is told: what comes first can be why the next is wrong. */
export const CHECKS = [
  'mode',
  'settings',
  'deployments',
  'slackApp',
  'adminChannel',
  'admins',
  'accounts',
  'sweep',
  'summary',
  'waiting',
  'deadLetters',
  'readers',
  'kmsKey',
  'protectedUsers',
] as const;

/** What only an operator's own credentials show; what Slack signs shows that its secret is right, too. */
export const OPERATOR_CHECKS = [
  'stack',
  'report',
  'slackSecret',
  'table',
  'schedules',
  'alarmTopic',
] as const;

export type Check = (typeof CHECKS)[number] | (typeof OPERATOR_CHECKS)[number];

/** `unknown`: it could not be looked up. `unset`: nothing is wrong, yet something that matters is left out. */
export interface Finding {
  check: Check;
  state: 'fine' | 'wrong' | 'unknown' | 'unset';
  /** What it is about: scopes, accounts, people, or a channel. */
  names?: readonly string[];
  count?: number;
  /** In the words of AWS or Slack. */
  code?: string;
  at?: Instant;
}

export type Found = Omit<Finding, 'check'>;

export function orUnknown(check: Check, looking: Promise<Found>): Promise<Finding> {
  return ifFailed(
    looking.then((found) => ({ check, ...found })),
    ({ code }): Finding => ({ check, state: 'unknown', code }),
  );
}

export type Mode = 'preview' | 'live';

/** What keyrotate tells its admins about itself. */
export interface HealthNotice {
  /** It has never told anything before. */
  isFirst: boolean;
  /** The accounts whose mode is another since the last notice; all of them in the first. */
  modes: { account: string; mode: Mode }[];
  findings: readonly Finding[];
  /** Something was wrong, and nothing is any more. */
  isMended: boolean;
}

export function isWrong({ state }: Finding): boolean {
  return state === 'wrong';
}

/** Looked up, and not wrong. */
export function isWell({ state }: Finding): boolean {
  return state === 'fine' || state === 'unset';
}
