// For serverless.yml: the IAM users that are never changed, as resources for the worker's Deny.
'use strict';

/** The setting: paths or names, separated by commas, with or without a slash at their start: `protected/*, ci-root`. */
module.exports = ({ resolveVariable }) =>
  resolveVariable('param:PROTECTED_USERS').then((text) =>
    String(text)
      .split(',')
      .map((path) => path.trim().replace(/^\/+/, ''))
      .filter(Boolean)
      .map((path) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user/${path}` })),
  );
