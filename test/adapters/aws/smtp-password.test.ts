// The SMTP password that SES knows an access key by, against values that another implementation has made.
import { expect, it } from 'vitest';
import { smtpPassword } from '../../../src/adapters/aws/smtp-password.ts';

it.each([
  ['some+secret+key', 'eu-central-1', 'BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2'],
  ['another+secret+key', 'ap-south-1', 'BJjkMpDYsvpBDVtX6syR8qHCDRFyXay0Upatg+2M8YLP'],
])('of %s in %s is what AWS’s own script prints', (secret, region, password) => {
  expect(smtpPassword(secret, region)).toBe(password);
});
