// The password that goes with an access key at SES's SMTP interface. https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
import { createHmac } from 'node:crypto';

/** AWS made it of these in 2021, and of nothing that changes. */
const PARTS = ['ses', 'aws4_request', 'SendRawEmail'];
const DATE = '11111111';
const VERSION = 4;

/** Of one region. */
export function smtpPassword(secretAccessKey: string, region: string): string {
  const signed = [DATE, region, ...PARTS].reduce<Buffer | string>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return Buffer.from([VERSION, ...Buffer.from(signed)]).toString('base64');
}
