// A plugin of the Serverless Framework: stops `package` and `deploy` before anything is built when a setting is missing or
// wrong, and tells all of it at once.
'use strict';
const { require: requireTs } = require('tsx/cjs/api');

module.exports = class SettingsPlugin {
  constructor(serverless, options) {
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
