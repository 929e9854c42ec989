// For serverless.yml: the file that ACCOUNTS names goes into the package of each function, where a list in Lambda's 4 KB of
// environment would end at some dozens.
'use strict';

/** A file's path in the project, and no account: `accounts.txt`. */
const isFile = (text) => /^[\w./-]+\.[a-z]+$/i.test(text);

const made = (text) => (isFile(String(text)) ? [String(text)] : []);

module.exports = async ({ resolveVariable }) => made(await resolveVariable('param:ACCOUNTS'));
module.exports.setting = 'ACCOUNTS';
module.exports.made = made;
module.exports.isFile = isFile;
