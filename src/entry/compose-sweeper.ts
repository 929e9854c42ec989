// What the sweeper has besides: the credential report.
import { IAMClient } from '@aws-sdk/client-iam';
import { iamCredentialReports } from '../adapters/aws/credential-report.ts';
import type { Log } from '../usecases/ports.ts';
import type { SweepPorts } from '../usecases/sweep-account.ts';
import { AWS_CALL, composeBase } from './compose.ts';
import type { Config } from './config.ts';

export function composeSweeper(config: Config, log: Log): SweepPorts {
  const reports = iamCredentialReports(new IAMClient(AWS_CALL));
  return { ...composeBase(config, log), reports: () => reports };
}
