// For serverless.yml: the IAM users that are never changed, as resources for the worker's Deny.
'use strict';

/** `text`: users with their paths, separated by commas, with or without a slash at their start: `protected/*, ops/ci-root`. */
const resources = (text) =>
  String(text)
    .split(',')
    .map((path) => path.trim().replace(/^\/+/, ''))
    .filter(Boolean)
    .map((path) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user/${path}` }));

module.exports = async ({ resolveVariable }) => resources(await resolveVariable('param:PROTECTED_USERS'));
module.exports.setting = 'PROTECTED_USERS';
module.exports.made = resources;
module.exports.resources = resources;
