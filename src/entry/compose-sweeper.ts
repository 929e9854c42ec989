// What the sweeper has besides: the credential report.
import { IAMClient } from '@aws-sdk/client-iam';
import { iamCredentialReports } from '../adapters/aws/credential-report.ts';
import type { SweepPorts } from '../usecases/night/sweep-account.ts';
import type { Log } from '../usecases/ports.ts';
import { AWS_CALL, type Clients, composeBase } from './compose.ts';
import type { Config } from './config.ts';

export function composeSweeper(config: Config, log: Log, clients: Clients): SweepPorts {
  const reports = iamCredentialReports(new IAMClient(AWS_CALL));
  return { ...composeBase(config, log, clients), reports: () => reports };
}
