// What `/keyrotate help` says.

export const HELP = {
  title: 'keyrotate helps you replace AWS access keys before they grow too old.',
  how: [
    '*How it goes*',
    '① *Create*: press a button and a new key is made. Both keys work.',
    '② *Migrate*: fetch the new key from AWS Secrets Manager and put it wherever the old one is used.',
    '③ *Turn off* the old key. If anything breaks, turn it back on with one press.',
    '④ *Delete* it after some quiet days. Only this step cannot be undone.',
  ].join('\n'),
  commands: [
    '*Commands*',
    '`/keyrotate status`: your access keys that are due, and what comes next',
    '`/keyrotate list`: all your IAM users and their access keys',
    '`/keyrotate rotate prod/ci-deploy`: replace or turn off a key of that IAM user now, whatever its age',
    '`/keyrotate rotate prod/ci-deploy 4NOP`: the same for the key whose id ends so, also the younger of two',
    '`/keyrotate help`: this text',
  ].join('\n'),
  admin: [
    '*For admins*',
    '`/keyrotate status @person`, `list @person`: the same for somebody else',
    '`/keyrotate show prod/ci-deploy`: the message with the buttons, to act for its owner',
    '`/keyrotate assign prod/ci-deploy @person`, or a private `#channel`: say who owns it',
    '`/keyrotate unassign prod/ci-deploy`: undo that, so that its tags say so again',
    '`/keyrotate summary`: how all accounts stand',
    '`/keyrotate sweep`: look at all accounts now instead of tonight',
  ].join('\n'),
  safety:
    'An account goes by its name or its 12 digits, and may be left out where only one has that IAM user. A secret never appears in Slack, and I never ask you for one. I write to you first when a key comes due.',
};
