// The summary of a week in which nothing needs a hand.
import { DAY } from '../../../src/domain/time.ts';
import type { Summary } from '../../../src/usecases/night/gathered-summary.ts';
import { NOW } from './fixtures.ts';

export const QUIET: Summary = {
  at: NOW,
  since: NOW - 7 * DAY,
  activeKeys: 530,
  withinAge: 516,
  shareBefore: 0.961,
  stages: { due: 0, postponed: 0, issued: 0, confirmed: 0, deactivated: 0, retired: 0 },
  nothingWorks: [],
  overdueKeys: [],
  overdue: [],
  noOwner: [],
  notMine: [],
  ownerLeft: [],
  ownerChanged: [],
  timeAsked: [],
  postponed: [],
  exempt: [],
  bothNeeded: [],
  unanswered: [],
  unasked: [],
  failing: [],
  stranded: [],
  secretsOfGone: [],
  preview: [],
  finished: 0,
  accounts: { configured: 20, swept: 20, notSwept: [], inPreview: 0 },
  notLookedAt: [],
  rootKeys: [],
  unreadable: [],
};
