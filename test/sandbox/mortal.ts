// A sandbox whose containers can be taken away in the middle of their work, and a way into its table past the functions.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import type { FunctionName } from './deployment/serverless-file.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';

export interface Mortal {
  sandbox: Sandbox;
  table: DynamoDBDocumentClient;
  /** Takes away whatever container is at work. */
  kill(): void;
  /** How many invocations there have been. */
  invocations(): number;
  /** What the worker was invoked with, oldest first. */
  events: readonly SQSEvent[];
  /** What the slack function answered, oldest first. */
  replies: unknown[];
  end(): Promise<void>;
}

export async function startMortal(options: SandboxOptions = {}): Promise<Mortal> {
  const sandbox = await startSandbox({ seed: 'nobody', ...options });
  const lives = new Set<AbortController>();
  const events: SQSEvent[] = [];
  const replies: unknown[] = [];
  let invocations = 0;
  for (const [name, deployed] of Object.entries(sandbox.functions))
    sandbox.functions[name as FunctionName] = {
      ...deployed,
      async invoke(event) {
        const life = new AbortController();
        lives.add(life);
        invocations += 1;
        if (name === 'worker') events.push(event as SQSEvent);
        try {
          const reply = await deployed.invoke(event, { signal: life.signal });
          if (name === 'slack') replies.push(reply);
          return reply;
        } finally {
          lives.delete(life);
        }
      },
    };
  const table = tableOf(sandbox);
  return {
    sandbox,
    table,
    kill() {
      for (const life of lives) life.abort();
    },
    invocations: () => invocations,
    events,
    replies,
    async end() {
      table.destroy();
      await sandbox.close();
    },
  };
}

function tableOf({ organisation, aws, clock }: Sandbox): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    region: organisation.region,
    endpoint: aws.wire.url,
    credentials: aws.iam.session('administrator', 'test'),
    systemClockOffset: clock.now() - Date.now(),
  });
  return DynamoDBDocumentClient.from(client);
}
