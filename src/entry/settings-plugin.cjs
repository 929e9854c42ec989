// A plugin of the Serverless Framework: stops `package` and `deploy` before anything is built when a setting is missing or
// wrong, and tells all of it at once. Stops `deploy`, too, where it would go on with an empty table.
'use strict';
const { createRequire } = require('node:module');
const { require: requireTs } = require('tsx/cjs/api');

module.exports = class SettingsPlugin {
  constructor(serverless, options) {
    const [command, ...more] = serverless.processedInput.commands;
    if (command !== 'package' && command !== 'deploy') return;
    // No hook comes before the framework validates its own file, and what it says then names no setting.
    const { service } = serverless;
    const validate = service.validate.bind(service);
    service.validate = () => {
      stopIfWrong(serverless, options);
      return validate();
    };
    if (command === 'deploy' && more.length === 0)
      this.hooks = { 'before:deploy:deploy': () => stopIfTableIsLeft(serverless) };
  }
};

function stopIfWrong({ serviceDir, configurationInput, classes }, { stage, region, param = [] }) {
  const { settingsProblems } = requireTs('./settings-problems.ts', __filename);
  const { params = {}, provider, custom } = configurationInput;
  const problems = settingsProblems({
    folder: serviceDir,
    stage,
    region,
    given: [
      ...param.map((pair) => pair.split('=')[0]),
      ...Object.keys({ ...params.default, ...params[stage] }),
    ],
    environment: provider.environment,
    deployment: custom.deployment,
  });
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new classes.Error(`Nothing was packaged. Mend these settings:\n${list}`, 'BAD_SETTINGS');
}

/** A table that is named is meant; only one that goes unnamed would be left by mistake. */
async function stopIfTableIsLeft(serverless) {
  const { configurationInput, classes } = serverless;
  if (configurationInput.custom.deployment.TABLE_NAME) return;
  const { tableLeftBy } = requireTs('./deployed-table.ts', __filename);
  const template = await deployedTemplate(serverless.getProvider('aws'));
  const table = template && tableLeftBy(template);
  if (!table) return;
  throw new classes.Error(
    `Nothing was deployed. The records are in the table ${table}, and this deployment would begin an empty one: set TABLE_NAME=${table}, and deploy again.`,
    'TABLE_LEFT',
  );
}

async function deployedTemplate(provider) {
  // It is the framework's own, of the version that the framework works with.
  const { GetTemplateCommand } = createRequire(require.resolve('serverless'))(
    '@aws-sdk/client-cloudformation',
  );
  const client = await provider.getCloudFormationClient();
  try {
    const command = new GetTemplateCommand({ StackName: provider.naming.getStackName() });
    return (await client.send(command)).TemplateBody;
  } catch (error) {
    if (/does not exist/.test(error.message)) return undefined; // the first deployment
    throw error;
  }
}
