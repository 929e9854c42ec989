// A plugin of the Serverless Framework: stops `package` and `deploy` before anything is built when a setting is missing or
// wrong, and tells all of it at once. Stops `deploy`, too, where a setting is of another account, or where it would leave a
// table for an empty one, and says which tables an earlier stack has left. No command goes to a stage or region that was not named. And `serverless check`, which looks
// at Slack and at the account as well.
'use strict';
const { createRequire } = require('node:module');
const { require: requireTs } = require('tsx/cjs/api');

module.exports = class SettingsPlugin {
  constructor(serverless, options, { log }) {
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
    const { commands, options: typed } = serverless.processedInput;
    const { commandProblems } = requireTs('./settings-problems.ts', __filename);
    const slips = typed.help ? [] : commandProblems(commands, typed);
    stopIfAny(serverless, 'Nothing was done. Mend the command', slips);
    const [command, ...more] = commands;
    if (!['package', 'deploy', 'check'].includes(command)) return;
    // No hook comes before the framework validates its own file, and what it says then names no setting.
    const { service } = serverless;
    const validate = service.validate.bind(service);
    service.validate = () => {
      // The check tells them itself.
      const isTold = command === 'check' && problemsOf(serverless, options).length > 0;
      if (command !== 'check') stopIfWrong(serverless, options, log);
      return isTold ? undefined : validate();
    };
    if (command === 'deploy' && more.length === 0)
      this.hooks = {
        'before:deploy:deploy': async () => {
          await stopInAnotherAccount(serverless, options);
          await lookForTables(serverless, log);
        },
      };
  }
};

function problemsOf(serverless, options) {
  const { settingsProblems } = requireTs('./settings-problems.ts', __filename);
  return settingsProblems(settingsOf(serverless, options));
}

function stopIfWrong(serverless, options, log) {
  const { settingsNotes } = requireTs('./settings-problems.ts', __filename);
  for (const note of settingsNotes(settingsOf(serverless, options))) log.warning(note);
  stopIfAny(serverless, 'Nothing was packaged. Mend these settings', problemsOf(serverless, options));
}

/** Readers and a KMS key of another account look well-formed until it is known which one this is. */
async function stopInAnotherAccount(serverless, options) {
  const { settingsProblems } = requireTs('./settings-problems.ts', __filename);
  const account = await serverless.getProvider('aws').getAccountId();
  const problems = settingsProblems({ ...settingsOf(serverless, options), account });
  stopIfAny(serverless, `Nothing was deployed. Mend these settings for the account ${account}`, problems);
}

function stopIfAny({ classes }, outcome, problems) {
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new classes.Error(`${outcome}:\n${list}`, 'BAD_SETTINGS');
}

async function examine(serverless, options) {
  const doctor = requireTs('./doctor.ts', __filename);
  const asked = settingsOf(serverless, options);
  const stack = `${serverless.configurationInput.service}-${options.stage}`;
  const profile = options['aws-profile'];
  const isWell = await doctor.examine({ ...asked, stack, profile }, (line) =>
    process.stdout.write(`${line}\n`),
  );
  if (!isWell) process.exitCode = 1;
}

function settingsOf(serverless, { stage, region, param = [] }) {
  const { serviceDir, configurationInput, configSchemaHandler } = serverless;
  const { params = {}, provider, custom } = configurationInput;
  return {
    folder: serviceDir,
    stage,
    region,
    regions: configSchemaHandler.schema.properties.provider.properties.region.enum,
    given: [
      ...param.map((pair) => pair.split('=')[0]),
      ...Object.keys({ ...params.default, ...params[stage] }),
    ],
    environment: provider.environment,
    deployment: custom.deployment,
  };
}

/** A table that is named is meant; only one that goes unnamed would be left by mistake. */
async function lookForTables(serverless, log) {
  const { configurationInput, classes } = serverless;
  if (configurationInput.custom.deployment.TABLE_NAME) return;
  const { tableLeftBy, isFirst, tablesOf } = requireTs('./deployed-table.ts', __filename);
  const provider = serverless.getProvider('aws');
  const template = await deployedTemplate(provider);
  if (isFirst(template)) {
    const found = tablesOf(provider.naming.getStackName(), await tableNames(provider, log));
    if (found.length > 0)
      log.warning(
        `This deployment begins with an empty table. An earlier one has left ${found.join(', ')}: to go on with it, set TABLE_NAME to its name, and deploy again.`,
      );
    return;
  }
  const table = tableLeftBy(template);
  if (!table) return;
  throw new classes.Error(
    `Nothing was deployed. The records are in the table ${table}, and this deployment would begin an empty one: set TABLE_NAME=${table}, and deploy again.`,
    'TABLE_LEFT',
  );
}

/** It is but a hint, and worth no deployment. */
async function tableNames(provider, log) {
  const { DynamoDBClient, paginateListTables } = require('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await provider.getAwsSdkV3Config());
  const names = [];
  try {
    for await (const { TableNames } of paginateListTables({ client }, {})) names.push(...TableNames);
  } catch (error) {
    log.warning(`Whether an earlier deployment has left a table could not be seen: ${error.message}`);
  }
  return names;
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
