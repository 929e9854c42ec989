// The credential report of one account, which AWS makes in its own time.
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { OutsideError } from '../../usecases/errors.ts';
import type { CredentialReports } from '../../usecases/ports.ts';
import { calling, callingUnless } from '../sdk-error.ts';
import { readReport } from './report-rows.ts';

/** GetCredentialReport's errors ReportNotPresent, ReportInProgress and ReportExpired, as the SDK names them. */
const NOT_READY = ['CredentialReportNotPresent', 'CredentialReportNotReady', 'CredentialReportExpired'];

export function iamCredentialReports(client: IAMClient): CredentialReports {
  return {
    async fetch() {
      // Asked first, so that a report past its four hours is replaced and not merely found expired.
      const generate = client.send(new GenerateCredentialReportCommand({}));
      const { State } = await calling('GenerateCredentialReport', generate);
      if (State !== 'COMPLETE') return 'notReady';
      const get = client.send(new GetCredentialReportCommand({}));
      const answer = await callingUnless(NOT_READY, 'GetCredentialReport', get);
      if (!answer) return 'notReady';
      const report = readReport(new TextDecoder().decode(answer.Content));
      const madeAt = answer.GeneratedTime?.getTime();
      if (!report || madeAt === undefined)
        throw new OutsideError('refused', 'GetCredentialReport', 'ReportFormat');
      return { ...report, madeAt };
    },
  };
}
