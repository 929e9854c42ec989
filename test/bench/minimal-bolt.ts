// The least that a Slack app on Lambda with these four clients can be: what a cold start is held against.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { App, AwsLambdaReceiver } from '@slack/bolt';

const receiver = new AwsLambdaReceiver({ signingSecret: 'none' });
const app = new App({ token: 'xoxb-none', botId: 'B000000001', botUserId: 'U00000BOT1', receiver });
app.action('press', async ({ ack }) => ack());

export const clients = [DynamoDBClient, IAMClient, SecretsManagerClient, SQSClient].map(
  (Client) => new Client({}),
);

export const handler = receiver.toHandler();
