// A plugin of the Serverless Framework: stops `package` and `deploy` before anything is built when a setting is missing or
// wrong, and tells all of it at once.
'use strict';

module.exports = class SettingsPlugin {
  constructor(serverless, options) {
    this.hooks = {
      'before:package:cleanup': async () => {
        const { tsImport } = await import('tsx/esm/api');
        const { settingsProblems } = await tsImport('./settings-problems.ts', __filename);
        const { params = {} } = serverless.configurationInput;
        const problems = settingsProblems({
          folder: serverless.serviceDir,
          stage: options.stage,
          region: options.region,
          given: [
            ...(options.param ?? []).map((pair) => pair.split('=')[0]),
            ...Object.keys(params[options.stage] ?? {}),
          ],
          settings: Object.keys(params.default),
          environment: serverless.service.provider.environment,
          deployment: serverless.service.custom.deployment,
        });
        if (problems.length === 0) return;
        const list = problems.map((problem) => `  - ${problem}`).join('\n');
        throw new serverless.classes.Error(
          `Nothing was packaged. Mend these settings:\n${list}`,
          'BAD_SETTINGS',
        );
      },
    };
  }
};
