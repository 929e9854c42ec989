// Prints what another account deploys so that keyrotate may work in it: npm run --silent member-role
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readMemberSettings } from './config.ts';
import { Environment } from './environment.ts';
import { memberTemplate } from './member-template.ts';
import { settingsFiles } from './settings-file.ts';

const USAGE =
  'Usage: npm run --silent member-role -- --hub 111122223333 [--mode preview|live] [--org o-a1b2c3d4e5] [--region eu-central-1] [--stage prod] (hub: the account that keyrotate runs in; region: of the vault)';

/** What an operator typed, and what `.env` says; throws a sentence for whatever is wrong. */
export function wanted(args: string[], folder: string): string {
  const text = { type: 'string' } as const;
  const options = { hub: text, mode: text, org: text, region: text, stage: text };
  const { hub = '', mode = 'preview', org, region, stage } = parseArgs({ args, options }).values;
  if (!/^\d{12}$/.test(hub))
    throw new Error('--hub must be the account that keyrotate runs in, twelve digits');
  if (mode !== 'preview' && mode !== 'live') throw new Error('--mode must be preview or live');
  if (org !== undefined && !/^o-[a-z0-9]{10,32}$/.test(org))
    throw new Error("--org must be the organisation's id, which starts with o-");
  if (region !== undefined && !Environment.shape.AWS_REGION.safeParse(region).success)
    throw new Error('--region must be an AWS region such as eu-central-1');
  const lines = settingsFiles(folder, stage).lines ?? [];
  const settings = readMemberSettings(Object.fromEntries(lines.map(({ name, value }) => [name, value])));
  return `${JSON.stringify(memberTemplate({ hub, mode, org, region, ...settings }), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(wanted(process.argv.slice(2), process.cwd()));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exitCode = 2;
  }
}
