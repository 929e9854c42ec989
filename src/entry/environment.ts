// The environment variables, one by one. The names are those of serverless.yml and of the README's table.
import * as z from 'zod/mini';

const required = (shape: RegExp, meaning: string) =>
  z.string(`is missing: ${meaning}`).check(z.regex(shape, `must be ${meaning}`));

/** Between commas. */
export const partsOf = (text: string) => text.split(',').map((part) => part.trim());

const list = (text: z.ZodMiniType<string, string | undefined>, item: RegExp, meaning: string) =>
  z
    .pipe(
      text,
      z.transform((value: string) => partsOf(value).filter(Boolean)),
    )
    .check(
      z.refine((parts) => parts.every((part) => item.test(part)), `must be ${meaning}, separated by commas`),
    );

const optional = (shape: RegExp, meaning: string) =>
  z.optional(z.string().check(z.regex(shape, `must be ${meaning}`)));

const optionalText = z._default(z.string(), '');

const isWhole = (text: string, min: number, max: number) =>
  /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;

const wholeNumber = (fallback: number, min: number, max: number, unit: string) =>
  z.pipe(
    z._default(z.string(), String(fallback)).check(
      z.refine((text) => isWhole(text, min, max), {
        error: `must be a whole number of ${unit} from ${min} to ${max}`,
      }),
    ),
    z.transform(Number),
  );

/** "Tagging IAM resources": what a tag's key may be. */
const tagKey = (fallback: string) =>
  z._default(z.string(), fallback).check(
    z.refine((key) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) && !/^aws:/i.test(key), {
      error: "must be a tag's key: letters, digits, spaces and _.:/=+-@, not beginning with aws:",
    }),
  );

const SLACK_USER = /^[UW][A-Z0-9]{2,20}$/;
/** The id; what follows it may be left out, or empty before something else: name, mode, region of the vault. */
export const ACCOUNT =
  /^\d{12}(:[^:,${}]{1,60}|:[^:,${}]{0,60}:(preview|live)|:[^:,${}]{0,60}:(preview|live)?:[a-z]{2,}(-[a-z]+)+-\d)?$/;
/** Words that no shell takes for anything else. What runs packages takes none of a name that anybody may publish. */
const OWN_COMMAND =
  /^(?!(?=.*\b(?:npx|npm|pnpm|yarn|bunx|bun)\b).* keyrotate(?:@\S*)? )(?=.{1,200}$)[\w@/.:~+=-]+(?: [\w@/.:~+=-]+)* pull$/;
const HTTP_URL = /^https?:\/\/\S+$/;

export const TO_BE_A_ZONE = 'must be UTC, or a time zone such as Europe/Madrid';

/** Every variable: its shape, its default, and how it is described to whoever got it wrong. */
export const Environment = z.object({
  AWS_REGION: required(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'an AWS region such as eu-central-1'),
  STAGE: required(/^[A-Za-z0-9-]{1,44}$/, 'letters, digits and hyphens, 44 at most'),
  AWS_LAMBDA_FUNCTION_NAME: z._default(z.string(), 'keyrotate'),
  ACCOUNTS: list(
    z.string('is missing: the AWS accounts that may be touched, such as 111122223333:prod'),
    ACCOUNT,
    'account ids of 12 digits, each with an optional :name:mode:region, such as 444455556666:payments:preview:eu-west-1',
  ).check(z.refine((accounts) => accounts.length > 0, 'must name at least one account')),
  HUB_ACCOUNT: required(/^\d{12}$/, 'the account that keyrotate runs in'),
  EXTERNAL_ID: optional(
    /^[\w+=,.@:/-]{2,1224}$/,
    'an external id: letters, digits and _+=,.@:/-, 2 at least',
  ),
  MODE: required(/^(preview|live)$/, 'preview, or live, which changes keys'),
  SLACK_TEAM_ID: required(
    /^T[A-Z0-9]{2,20}$/,
    "the workspace's id, which starts with T (E is that of a whole organisation, which no request bears)",
  ),
  SLACK_APP_ID: required(/^A[A-Z0-9]{2,20}$/, "the Slack app's id, which starts with A"),
  ADMIN_CHANNEL: required(
    /^[CG][A-Z0-9]{2,20}$/,
    "the admin channel's id, which starts with C (not #name: in .env what follows # is a comment)",
  ),
  HELP_CHANNEL: optional(/^[CG][A-Z0-9]{2,20}$/, "a channel's id, which starts with C"),
  PULL_COMMAND: optional(
    OWN_COMMAND,
    'what people type for keyrotate pull, ending in pull, such as npx @acme/keyrotate pull (the name keyrotate alone is not ours on the public registry)',
  ),
  ADMINS: list(optionalText, SLACK_USER, 'Slack user ids such as U012ABCDEF'),
  ADMIN_GROUP: optional(/^S[A-Z0-9]{2,20}$/, "a user group's id, which starts with S"),
  SLACK_SECRET_ID: optional(/^[\w/+=.@-]{1,512}$/, "a secret's name, such as keyrotate/slack, not its ARN"),
  SLACK_BOT_TOKEN: z.optional(
    z.string().check(z.startsWith('xoxb-', 'must be a bot token, which starts with xoxb-')),
  ),
  SLACK_SIGNING_SECRET: z.optional(z.string()),
  SLACK_PREVIOUS_SIGNING_SECRET: z.optional(z.string()),
  SLACK_API_URL: optional(HTTP_URL, 'a URL'),
  TABLE_NAME: required(/^[\w.-]{3,255}$/, "the DynamoDB table's name"),
  CLICKS_QUEUE_URL: required(HTTP_URL, "the clicks queue's URL"),
  UPKEEP_QUEUE_URL: required(HTTP_URL, "the upkeep queue's URL"),
  SWEEPS_QUEUE_URL: required(HTTP_URL, "the sweeps queue's URL"),
  DEAD_LETTERS_QUEUE_URLS: list(
    z.string("is missing: the dead-letter queues' URLs"),
    HTTP_URL,
    "the dead-letter queues' URLs",
  ),
  SCHEDULED_DEAD_LETTERS_QUEUE_URL: required(HTTP_URL, "the URL of the schedules' dead-letter queue"),
  SECRET_PREFIX: z._default(z.string(), '/iam/keys').check(
    z.refine((text) => /^[\w/+.@-]{1,200}$/.test(text) && !text.endsWith('/'), {
      error: 'must be a path of letters, digits and /_+.@- that does not end in a slash',
    }),
  ),
  SECRET_READERS: list(
    optionalText,
    /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    'whole ARNs of roles, such as arn:aws:iam::111122223333:role/break-glass, without * or ?',
  ),
  SECRET_KMS_KEY_ID: optional(
    /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/,
    "a KMS key's ARN, not that of an alias",
  ),
  PROTECTED_USERS: list(
    z._default(z.string(), 'protected/*'),
    /^\/?(?!user\/)[\w+=.@*?-]+(\/[\w+=.@*?-]+)*$/,
    'IAM users, each with its path, such as protected/* or ops/ci-root',
  ).check(
    z.refine((paths) => paths.length > 0, 'must name at least one IAM user, or a path such as protected/*'),
    z.refine(
      (paths) => !paths.some((path) => /^\/?[*?]+$/.test(path)),
      'must not name everybody: no key could be rotated',
    ),
  ),
  OWNER_TAG: tagKey('keyrotate:owner'),
  MAIL_TAG: tagKey('mail'),
  EXEMPT_TAG: tagKey('keyrotate:exempt'),
  MAX_KEY_AGE_DAYS: wholeNumber(90, 1, 3650, 'days'),
  REMIND_DAYS_BEFORE: list(z._default(z.string(), '14,7,3,1,0'), /^\d{1,4}$/, 'whole numbers of days'),
  REMIND_EVERY_DAYS_OVERDUE: wholeNumber(2, 1, 365, 'days'),
  REMIND_EVERY_DAYS_UNDER_WAY: wholeNumber(7, 1, 365, 'days'),
  GRACE_DAYS: wholeNumber(7, 1, 365, 'days'),
  QUIET_HOURS: wholeNumber(24, 1, 2160, 'hours'),
  POSTPONE_DAYS: wholeNumber(14, 0, 365, 'days'),
  ESCALATE_DAYS: wholeNumber(7, 1, 365, 'days'),
  FIRST_NOTICE_DAYS: wholeNumber(7, 1, 90, 'days'),
  MAX_NEW_PER_DAY: z._default(z.string(), 'auto').check(
    z.refine((text) => text === 'auto' || isWhole(text, 1, 100_000), {
      error: 'must be auto, or a whole number of rotations from 1 to 100000',
    }),
  ),
  // What knows zones and reads schedules is slow to load: whether there are such is checked before a deployment only.
  TIME_ZONE: z
    ._default(z.string(), 'UTC')
    .check(z.regex(/^(UTC|[A-Z][\w+-]*(\/[A-Z][\w+-]*)+)$/, TO_BE_A_ZONE)),
  SWEEP_AT: z._default(z.string(), 'cron(0 3 * * ? *)'),
  SUMMARY_AT: z._default(z.string(), 'cron(0 9 ? * MON *)'),
});

export type Settings = z.output<typeof Environment>;
