// What AWS asks, in US dollars: its public price pages for US East (N. Virginia), as they stood in 2025. No free tier.
export const PRICED = 'US East (N. Virginia), 2025';

const MILLION = 1_000_000;

export const PRICES = {
  /** AWS Lambda, arm64. */
  lambdaRequest: 0.2 / MILLION,
  lambdaGigabyteSecond: 0.0000133334,
  /** Amazon SQS. FIFO; a standard queue costs less. */
  sqsRequest: 0.5 / MILLION,
  /** Amazon DynamoDB, on demand. */
  dynamoWrite: 0.625 / MILLION,
  dynamoRead: 0.125 / MILLION,
  /** AWS Secrets Manager, a month. */
  secret: 0.4,
  secretCall: 0.05 / 10_000,
  /** Amazon CloudWatch: an alarm, one composed of others, a metric and a dashboard, each a month; a gigabyte of logs. */
  alarm: 0.1,
  compositeAlarm: 0.5,
  metric: 0.3,
  dashboard: 3,
  logGigabyte: 0.5,
  /** Amazon EventBridge Scheduler. */
  scheduled: 1 / MILLION,
  /** Amazon API Gateway, HTTP API. */
  httpRequest: 1 / MILLION,
};
