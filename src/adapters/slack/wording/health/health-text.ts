// How keyrotate itself stands: what is well, what is wrong, and what to do about it.
import type {
  Check,
  Finding,
  HealthNotice,
  Mode,
  OPERATOR_CHECKS,
} from '../../../../usecases/health/findings.ts';
import type { Redriven } from '../../../../usecases/ports.ts';
import { channelLink, code, mention, prose } from '../../escape.ts';
import { moment } from '../shared/dates.ts';
import { type AccountName, accountLabel, andMore, count, whole } from '../shared/names.ts';

interface CheckWords {
  /** Also its entry's heading in docs/RUNBOOK.md. */
  title: string;
  fine(finding: Finding, accountName: AccountName): string;
  /** What is wrong, and what to do. A check that cannot be wrong has none. */
  wrong?(finding: Finding, accountName: AccountName): string;
  /** What is still to come. What could not be looked up has AWS's or Slack's code. */
  unknown?: string;
  unset?: string;
}

const WORDS: Record<Exclude<Check, keyof typeof OPERATOR_WORDS>, CheckWords> = {
  mode: {
    title: 'Mode',
    fine: ({ names = [], count: all = 0 }, accountName) => {
      if (names.length === 0) return 'preview. Owners hear nothing, and no key is changed.';
      if (names.length === all) return 'live. Owners are asked, and keys are changed when they press.';
      return `live in ${labels(names, accountName)}, preview elsewhere.`;
    },
  },
  settings: {
    title: 'Settings',
    fine: () => 'Each function can use its settings.',
    wrong: ({ names = [], code: functionName = '' }) =>
      [
        `${code(functionName)} does nothing, for it cannot use its settings. Set them right, and deploy:`,
        ...names.slice(0, 20).map((problem) => `• ${prose(problem, 500)}`),
      ].join('\n'),
  },
  deployments: {
    title: 'Deployments',
    fine: ({ names = [] }) => {
      const [own, ...others] = names;
      if (own === undefined) return 'No keyrotate was found in the account.';
      if (others.length === 0) return `${code(own)} is the only keyrotate in the account.`;
      return `In the account: ${codes(names)}. Of those that are live, the one that was there first writes to owners.`;
    },
    wrong: ({ names: [name = ''] = [] }) => {
      const [stage, region] = name.split(' in ');
      return `${code(name)} was deployed before this keyrotate, and is live. So this one does not sweep and writes to no owner, or they would hear twice; what somebody presses is done. Remove the one that is not wanted: that one is \`npx serverless remove --stage ${stage} --region ${region}\`. docs/RUNBOOK.md, “Deployments”, says what to do where it was removed already.`;
    },
  },
  slackApp: {
    title: 'Slack app',
    fine: () => 'Slack takes the token, and it has every scope.',
    wrong: ({ names = [], code: why }) => {
      if (why === undefined)
        return `The app lacks ${count(names.length, 'scope')}: ${codes(names)}. Print the manifest anew, paste it under *App Manifest* in Slack’s settings of the app, and install it again.${
          names.includes('im:history') ? ' Until then nobody who writes to me is answered.' : ''
        }`;
      if (why === 'other_workspace')
        return 'The token is of another workspace than `SLACK_TEAM_ID`. Store that of this one in the secret `SLACK_SECRET_ID`, or set the id and deploy.';
      if (why === 'other_app')
        return 'The token is of another app than `SLACK_APP_ID`, so every press and command is turned away. Copy the *App ID*, under *Basic Information*, into `SLACK_APP_ID` and deploy; or store the token and signing secret of that app.';
      return `Slack does not take the token (${code(why)}). Copy the *Bot User OAuth Token*, under *Install App*, into the secret \`SLACK_SECRET_ID\`.`;
    },
  },
  adminChannel: {
    title: 'Admin channel',
    fine: ({ names: [id = ''] = [] }) => `I am in the admin channel, ${channelLink(id)}.`,
    wrong: ({ names: [id = ''] = [], code: why = '', at }) => channelWords(id, why, at),
  },
  admins: {
    title: 'Admins',
    fine: ({ count: able = 0 }) => `${count(able, 'person is admin', 'people are admins')}.`,
    wrong: ({ names = [], count: able = 0, code: noGroup }) => {
      if (noGroup !== undefined)
        return `There is no group ${code(noGroup)}, which \`ADMIN_GROUP\` names. Set the id of one that exists, and deploy.`;
      return names.length > 0
        ? `\`ADMINS\` names ${names.map(mention).join(', ')}, who cannot act: no full member of this workspace. Take ${names.length === 1 ? 'the id' : 'the ids'} out, and deploy.`
        : `Nobody is admin${able === 0 ? '' : ' any more'}. Name somebody in \`ADMINS\`, or add somebody to the group \`ADMIN_GROUP\`.`;
    },
  },
  accounts: {
    title: 'Accounts',
    fine: ({ count: all = 0 }) => `${count(all, 'account lets', 'accounts let')} me in.`,
    wrong: ({ names = [], code: why = '' }, accountName) =>
      `I was not let into ${labels(names, accountName)} (${code(why)}), so nothing is known of ${names.length === 1 ? 'it' : 'them'} since. Every other account goes on, and I try again every two hours. docs/RUNBOOK.md, “Accounts”, says what to do; \`/keyrotate sweep\` tries at once.`,
  },
  sweep: {
    title: 'Sweep',
    fine: ({ at = 0 }) => `The accounts were last swept on ${moment(at)}, by AWS’s credential report.`,
    wrong: ({ names = [], at = 0 }, accountName) =>
      `The sweep of ${moment(at)} did not come for ${labels(names, accountName)}. I start it again every two hours. If it still does not come, the log of the function \`sweeper\` tells why.`,
    unknown: 'The first sweep is still to come',
  },
  summary: {
    title: 'Summary',
    fine: ({ at = 0 }) => `The last summary was posted on ${moment(at)}.`,
    wrong: ({ at = 0 }) =>
      `The summary of ${moment(at)} did not come. I try again every two hours; \`/keyrotate summary\` shows it at once.`,
    unknown: 'The first summary is still to come',
  },
  waiting: {
    title: 'Users that wait',
    fine: () => 'Nobody waits for something that does not come.',
    wrong: ({ count: users = 0 }) =>
      `${count(users, 'IAM user has', 'IAM users have')} waited for more than two hours for what has come due. The log of the function \`worker\` tells why.`,
  },
  deadLetters: {
    title: 'Jobs given up',
    fine: () => 'No job was given up.',
    wrong: ({ count: jobs = 0 }) =>
      `${count(jobs, 'job was', 'jobs were')} given up. docs/RUNBOOK.md, “Jobs given up”, says how to find the cause; once that is mended, \`/keyrotate redrive\` starts ${jobs === 1 ? 'it' : 'them'} again.`,
  },
  readers: {
    title: 'Readers',
    unset:
      'No role may read new secrets besides the IAM users themselves: name a break-glass role in `SECRET_READERS`.',
    fine: ({ count: roles = 0 }) =>
      `${count(roles, 'role')} may read new secrets, and ${roles === 1 ? 'it exists' : 'each exists'}.`,
    wrong: ({ names = [] }) => {
      const shown = names.slice(0, 4).map((arn) => code(arn, LONGEST_ARN));
      const [which, role, these] =
        names.length === 1 ? ['is no role', 'role', 'it'] : ['are no roles', 'roles', 'them'];
      return `\`SECRET_READERS\` names ${[...shown, andMore(names.length - shown.length, '')].filter(Boolean).join(', ')}, which ${which} of this account. New keys are made all the same, and their secrets not opened to ${these}. Make the ${role}, or correct \`SECRET_READERS\` and deploy. With its path, an ARN reads \`role/path/name\`.`;
    },
  },
  kmsKey: {
    title: 'KMS key',
    fine: ({ names: [arn] = [] }) =>
      arn === undefined
        ? 'Secrets are encrypted with AWS’s own key.'
        : 'The KMS key is there and can encrypt. Whether its policy lets me is seen when a secret is stored.',
    wrong: ({ code: why = '' }) =>
      why === 'NotFound'
        ? 'There is no such KMS key as `SECRET_KMS_KEY_ID` names.'
        : `The KMS key that \`SECRET_KMS_KEY_ID\` names cannot encrypt secrets (${code(why)}). It must be symmetric, for encryption, and enabled.`,
  },
  protectedUsers: {
    title: 'Protected users',
    unset: '`PROTECTED_USERS` matches no IAM user: nobody is protected.',
    unknown: 'The first sweep counts them',
    fine: ({ count: users = 0 }) =>
      `\`PROTECTED_USERS\` matches ${count(users, 'IAM user')}, which are never changed.`,
  },
};

/** A path of 512 and a name of 64 characters, after the account. */
const LONGEST_ARN = 620;

function channelWords(id: string, why: string, at: number | undefined): string {
  const channel = `the admin channel, ${channelLink(id)}`;
  if (why === 'not_in_channel') return `I am not in ${channel}. Invite me there: \`/invite @keyrotate\`.`;
  if (why === 'is_archived')
    return `${channelLink(id)}, the admin channel, is archived. Open it again, or set \`ADMIN_CHANNEL\` to another one, invite me there, and deploy.`;
  if (why === 'channel_not_found')
    return `I see no channel ${code(id)}, which \`ADMIN_CHANNEL\` names. Invite me there if it is private, or set the id of another one and deploy.`;
  const when = at === undefined ? '' : ` on ${moment(at)}`;
  return `Slack refused a message in ${channel}${when} (${code(why)}). May apps post there?`;
}

function labels(accounts: readonly string[], accountName: AccountName): string {
  return accounts.map((account) => accountLabel(account, accountName(account))).join(', ');
}

function codes(names: readonly string[]): string {
  return names.map((name) => code(name)).join(', ');
}

/** A path or a number from AWS, or from the settings. */
const OPERATOR_WORDS: Record<(typeof OPERATOR_CHECKS)[number], CheckWords> = {
  stack: {
    title: 'Stack',
    fine: ({ names: [name = ''] = [] }) => `${code(name)} is deployed.`,
    unknown: 'Nothing is deployed yet under this stage and region',
  },
  report: {
    title: 'Credential report',
    fine: () => 'AWS makes the credential report.',
    unknown: 'AWS is still making the credential report; ask again in a minute',
  },
  slackSecret: {
    title: 'Slack’s secret',
    fine: ({ names: [name] = [] }) =>
      name === undefined
        ? 'Slack signed what you asked with the signing secret that is stored.'
        : `${code(name)} holds a bot token and a signing secret.`,
    wrong: ({ names: [name = ''] = [], code: why = '' }) =>
      why === 'ResourceNotFound'
        ? `There is no secret ${code(name)} in this account and region. Create it, as README.md says under “Deploy”.`
        : why === 'SigningSecret'
          ? `The \`signingSecret\` in ${code(name)} is none of Slack’s: 32 digits from 0 to f. Copy the *Signing Secret*, under *Basic Information*, not the client secret or a token; with another one every press is turned away.`
          : `The secret ${code(name)} cannot be used (${code(why)}). It must be JSON with \`botToken\`, which starts with xoxb-, and \`signingSecret\`.`,
  },
  table: {
    title: 'Table',
    fine: ({ names: [name = ''] = [] }) => `${code(name)} is there.`,
    wrong: ({ names: [name = ''] = [] }) =>
      `There is no table ${code(name)}, which \`TABLE_NAME\` names, in this account and region. \`aws dynamodb list-tables\` shows those there are; without \`TABLE_NAME\` the deployment makes one.`,
  },
  schedules: {
    title: 'Schedules',
    fine: ({ count: schedules = 0 }) =>
      `${count(schedules, 'schedule starts', 'schedules start')} what they are for.`,
    wrong: ({ names = [] }) =>
      `${codes(names)} ${names.length === 1 ? 'is' : 'are'} off or gone, so what ${names.length === 1 ? 'it starts' : 'they start'} does not come: sweeps, summaries, or the tick by which everything due is done. A deployment does not switch ${names.length === 1 ? 'it' : 'them'} on again: docs/RUNBOOK.md, “Schedules”, has the command.`,
  },
  alarmTopic: {
    title: 'Alarm topic',
    unset: 'No `ALARM_TOPIC` is set: alarms ring, and nobody hears them.',
    fine: ({ count: subscriptions = 0 }) =>
      `The alarms tell a topic with ${count(subscriptions, 'confirmed subscription')}.`,
    wrong: ({ code: why }) =>
      why === undefined
        ? 'Nobody has confirmed a subscription to the topic `ALARM_TOPIC`, so nobody hears the alarms: `aws sns subscribe`, and follow the link in the mail that comes.'
        : 'There is no such topic as `ALARM_TOPIC` names, so nobody hears the alarms. Make it with `aws sns create-topic`, or set another, and deploy.',
  },
};

const ALL_WORDS: Record<Check, CheckWords> = { ...WORDS, ...OPERATOR_WORDS };

const MARKS: Record<Finding['state'], string> = {
  fine: ':white_check_mark:',
  wrong: ':x:',
  unknown: ':grey_question:',
  unset: ':white_circle:',
};

export function findingRow(finding: Finding, accountName: AccountName): string {
  return `${MARKS[finding.state]} *${titleOf(finding.check)}*: ${findingWords(finding, accountName)}`;
}

export function titleOf(check: Check): string {
  return ALL_WORDS[check].title;
}

export function findingWords(finding: Finding, accountName: AccountName): string {
  const { check, state, code: why } = finding;
  const { fine, wrong, unknown, unset } = ALL_WORDS[check];
  if (state === 'fine') return fine(finding, accountName);
  if (state === 'wrong' && wrong) return wrong(finding, accountName);
  if (state === 'unset' && unset) return unset;
  return why === undefined ? `${unknown}.` : `This could not be looked up (${code(`${check}: ${why}`)}).`;
}

export function healthHeading(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  return wrong === 0 ? 'I am well.' : `${sentenceOf(wrong)} with me.`;
}

function sentenceOf(wrong: number): string {
  return wrong === 1 ? 'One thing is wrong' : `${whole(wrong)} things are wrong`;
}

/** What a notification shows. */
export function noticeHeading({ isFirst, modes, findings, isMended }: HealthNotice): string {
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  if (isFirst) return 'Hello, keyrotate is here.';
  if (wrong > 0) return `${sentenceOf(wrong)} with keyrotate.`;
  if (isMended) return 'All is well with keyrotate again.';
  return modes.length > 0 ? 'The mode was changed.' : 'All is well with keyrotate.';
}

const MODE_WORDS: Record<Mode, string> = {
  live: 'is *live*: owners are asked as their keys come due, and keys are changed when somebody presses.',
  preview: 'is in *preview*: owners hear nothing, and no button changes anything.',
};

export function modeRow({ account, mode }: HealthNotice['modes'][number], accountName: AccountName): string {
  return `• ${accountLabel(account, accountName(account))} ${MODE_WORDS[mode]}`;
}

/** What somebody does next who has just deployed. */
export function firstSteps(isPreview: boolean): string {
  return isPreview
    ? 'I am looking at the accounts now. In some minutes `/keyrotate summary` shows how they stand, `/keyrotate show <user>` brings you the message that an owner would get, and `/keyrotate check` tells how I am.'
    : 'I am looking at the accounts now. In some minutes `/keyrotate summary` shows how they stand; `/keyrotate check` tells how I am.';
}

export function redrivenWords({ started, underWay, refused, letGo }: Redriven): string {
  const said = [
    ...(started > 0
      ? [`I start ${count(started, 'job')} again. If the cause is not mended, I tell you of it once more.`]
      : []),
    ...(underWay > 0
      ? [`${count(underWay, 'job is', 'jobs are')} being started again already: ask again in a minute.`]
      : []),
    ...(refused
      ? [
          `SQS refuses to put ${count(refused.count, 'job')} back (${code(refused.code)}): what it says is in the worker’s log. Once that is mended, type this again.`,
        ]
      : []),
    ...(letGo > 0
      ? [
          `${count(letGo, 'start')} by a schedule had failed, and ${letGo === 1 ? 'is' : 'are'} forgotten: what ${letGo === 1 ? 'it was' : 'they were'} for comes by itself, a sweep or a summary an hour late.`,
        ]
      : []),
  ];
  return said.length > 0 ? said.join(' ') : 'No job was given up. There is nothing to start again.';
}

export function insteadOfChannel(refusedAs: string): string {
  return `You read this here because Slack takes no message from me in the admin channel (${code(refusedAs)}).`;
}
