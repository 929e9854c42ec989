// Stands in for the SDK's chain of credential providers, of which Lambda uses one. Named in serverless.yml under
// custom.esbuild.alias. What runs on somebody's machine is not bundled, and has the whole chain.
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = fromEnv;
