// What stands in the account, and is named in the settings or gets in the way: roles, a KMS key, other deployments.
import type { IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Surroundings } from '../../usecases/ports.ts';
import { callingUnless } from '../sdk-error.ts';
import { deploymentsIn, rolesUnder } from './deployments.ts';

interface Settings extends Pick<Surroundings, 'deployment' | 'isLive' | 'readers' | 'kmsKeyId'> {
  /** keyrotate's own. */
  account: string;
  iam(account: string): IAMClient;
  kms: KMSClient;
}

export function surroundingsIn({ account, iam, kms, ...settings }: Settings): Surroundings {
  return {
    ...settings,
    deployments: () => deploymentsIn(iam(account)),

    async rolesMissing(arns) {
      const places = new Set(arns.map((arn) => arn.replace(/[^/]*$/, '')));
      const there = new Set<string>();
      for (const place of places) {
        const [, , , , owner = '', path = ''] = place.split(':');
        const roles = await rolesUnder(path.replace(/^role/, ''), iam(owner));
        for (const { Arn = '' } of roles) there.add(Arn);
      }
      return arns.filter((arn) => !there.has(arn));
    },

    async keyState(KeyId) {
      const describe = kms.send(new DescribeKeyCommand({ KeyId }));
      const answer = await callingUnless(['NotFound'], 'DescribeKey', describe);
      if (!answer) return 'NotFound';
      const { KeyState = '', KeySpec, KeyUsage } = answer.KeyMetadata ?? {};
      if (KeySpec !== 'SYMMETRIC_DEFAULT') return KeySpec ?? 'Unknown';
      return KeyUsage === 'ENCRYPT_DECRYPT' ? KeyState : (KeyUsage ?? 'Unknown');
    },
  };
}
