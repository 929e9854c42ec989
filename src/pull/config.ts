// What the command takes from the environment, in the SDK's own names. Nothing else of it is read here.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from './pull.ts';

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
): Pick<Surroundings, 'files' | 'profile' | 'hasOwnCredentials'> {
  const { AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_PROFILE, AWS_ACCESS_KEY_ID } = env;
  // The SDK would write among what is said to people.
  env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const folder = join(homedir(), '.aws');
  return {
    files: {
      credentials: AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
      config: AWS_CONFIG_FILE || join(folder, 'config'),
    },
    profile: AWS_PROFILE || undefined,
    hasOwnCredentials: Boolean(AWS_ACCESS_KEY_ID),
  };
}
