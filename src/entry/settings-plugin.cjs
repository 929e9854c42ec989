// A plugin of the Serverless Framework: stops `package` and `deploy` before anything is built when a setting is missing or
// wrong, and tells all of it at once; and `serverless check`, which looks at Slack and at the account as well.
'use strict';
const { require: requireTs } = require('tsx/cjs/api');

module.exports = class SettingsPlugin {
  constructor(serverless, options) {
    this.commands = {
      check: {
        usage: 'Tell whether settings, Slack app and account are as they must be, and what to do where not',
        lifecycleEvents: ['examine'],
        options: {
          stage: { type: 'string', usage: 'Which deployment' },
          region: { type: 'string', usage: 'Where it runs' },
          param: { type: 'multiple', usage: 'A setting, as NAME=value' },
        },
      },
    };
    this.hooks = { 'check:examine': () => examine(serverless, options) };
    const [command] = serverless.processedInput.commands;
    if (command !== 'package' && command !== 'deploy') return;
    // No hook comes before the framework validates its own file, and what it says then names no setting.
    const { service } = serverless;
    const validate = service.validate.bind(service);
    service.validate = () => {
      stopIfWrong(serverless, options);
      return validate();
    };
  }
};

function stopIfWrong(serverless, options) {
  const { settingsProblems } = requireTs('./settings-problems.ts', __filename);
  const problems = settingsProblems(settingsOf(serverless, options));
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new serverless.classes.Error(`Nothing was packaged. Mend these settings:\n${list}`, 'BAD_SETTINGS');
}

async function examine(serverless, options) {
  // The framework runs on whatever Node.js the operator has; the functions do not.
  process.env.AWS_REGION = options.region;
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const doctor = requireTs('./doctor.ts', __filename);
  const asked = settingsOf(serverless, options);
  const { SLACK_API_URL } = process.env;
  // As for the functions: another server in Slack's place.
  if (SLACK_API_URL) asked.environment = { ...asked.environment, SLACK_API_URL };
  const stack = `${serverless.configurationInput.service}-${options.stage}`;
  const isWell = await doctor.examine({ ...asked, stack }, (line) => process.stdout.write(`${line}\n`));
  if (!isWell) process.exitCode = 1;
}

function settingsOf({ serviceDir, configurationInput }, { stage, region, param = [] }) {
  const { params = {}, provider, custom } = configurationInput;
  return {
    folder: serviceDir,
    stage,
    region,
    given: [
      ...param.map((pair) => pair.split('=')[0]),
      ...Object.keys({ ...params.default, ...params[stage] }),
    ],
    environment: provider.environment,
    deployment: custom.deployment,
  };
}
