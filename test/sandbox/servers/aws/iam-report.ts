// The credential report: its CSV, and the slow, cached way it is made.
import { type Clock, HOUR, SECOND } from '../../clock.ts';
import type { IamKey, IamState, IamUser } from './iam-state.ts';
import { AwsError } from './service.ts';

/** GenerateCredentialReport: a new one at most every four hours; here it takes ten seconds, or a third call. */
const KEPT = 4 * HOUR;
const TAKES = 10 * SECOND;

interface Report {
  csv: string;
  startedAt: number;
  asked: number;
}

export function credentialReport(clock: Clock, state: IamState) {
  let running: Report | undefined;

  function finish(): void {
    if (!running) return;
    const enough = running.asked >= 3 || clock.now() - running.startedAt >= TAKES;
    if (!enough) return;
    state.report = { csv: running.csv, generatedAt: Math.min(clock.now(), running.startedAt + TAKES) };
    running = undefined;
  }

  return {
    generate(): { State: string; Description?: string } {
      if (running) running.asked += 1;
      finish();
      if (running) return { State: 'INPROGRESS' };
      if (state.report && clock.now() - state.report.generatedAt < KEPT) return { State: 'COMPLETE' };
      running = { csv: renderReport(state), startedAt: clock.now(), asked: 1 };
      return { State: 'STARTED', Description: 'Starting a new report generation task' };
    },
    /** Statuses as in the API's model: ReportInProgress 404, the other two 410. */
    get(): { Content: Buffer; ReportFormat: 'text/csv'; GeneratedTime: Date } {
      finish();
      if (running) throw new AwsError('ReportInProgress', 'The report is still being generated.', 404);
      if (!state.report) throw new AwsError('ReportNotPresent', 'No report exists.', 410);
      if (clock.now() - state.report.generatedAt >= KEPT)
        throw new AwsError('ReportExpired', 'The report is more than four hours old.', 410);
      const csv = state.reportOverride?.(state.report.csv) ?? state.report.csv;
      return {
        Content: Buffer.from(csv),
        ReportFormat: 'text/csv',
        GeneratedTime: new Date(state.report.generatedAt),
      };
    },
  };
}

type Row = Record<string, string>;

/** IAM User Guide, "Getting credential reports: Understanding the report format". */
export function renderReport(state: IamState): string {
  const users = [...state.users].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, user]) => userRow(user));
  const rows = [rootRow(state), ...users];
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n');
}

function rootRow({ account, createdAt }: IamState): Row {
  return {
    user: '<root_account>',
    arn: `arn:aws:iam::${account}:root`,
    user_creation_time: stamp(createdAt),
    password_enabled: 'not_supported',
    password_last_used: 'no_information',
    password_last_changed: 'not_supported',
    password_next_rotation: 'not_supported',
    mfa_active: 'TRUE',
    ...keyCells(1, undefined),
    ...keyCells(2, undefined),
    ...certificateCells,
  };
}

/** Users here have no password and no MFA device: what they have is keys. */
function userRow(user: IamUser): Row {
  return {
    user: user.userName,
    arn: user.arn,
    user_creation_time: stamp(user.createdAt),
    password_enabled: 'FALSE',
    password_last_used: 'N/A',
    password_last_changed: 'N/A',
    password_next_rotation: 'N/A',
    mfa_active: 'FALSE',
    ...keyCells(1, inSlot(user, 1)),
    ...keyCells(2, inSlot(user, 2)),
    ...certificateCells,
  };
}

function inSlot(user: IamUser, slot: 1 | 2): IamKey | undefined {
  return user.keys.find((key) => key.slot === slot);
}

function keyCells(slot: 1 | 2, key: IamKey | undefined): Row {
  const prefix = `access_key_${slot}`;
  return {
    [`${prefix}_active`]: key?.status === 'Active' ? 'TRUE' : 'FALSE',
    [`${prefix}_last_rotated`]: key ? stamp(key.lastChangedAt) : 'N/A',
    [`${prefix}_last_used_date`]: key?.lastUsed ? stamp(key.lastUsed.at) : 'N/A',
    [`${prefix}_last_used_region`]: key?.lastUsed?.region ?? 'N/A',
    [`${prefix}_last_used_service`]: key?.lastUsed?.service ?? 'N/A',
  };
}

const certificateCells: Row = {
  cert_1_active: 'FALSE',
  cert_1_last_rotated: 'N/A',
  cert_2_active: 'FALSE',
  cert_2_last_rotated: 'N/A',
};

function stamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

/** User names may hold commas. */
function quoted(cell: string): string {
  return cell.includes(',') ? `"${cell}"` : cell;
}
