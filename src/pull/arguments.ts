// What was typed behind `keyrotate`, and what --help says.
import { parseArgs } from 'node:util';
import { EXIT_CODES, Refused } from './refused.ts';

export const USAGE = `Usage: keyrotate pull --secret-id PATH [--version-id ID] [--region REGION] [--profile NAME] [more]

Fetches the new key of an IAM user from where keyrotate has put it, waits until AWS knows it, tries it, and writes it into one
profile of ~/.aws/credentials, in place of the old key. All else in that file stays as it is.

  --secret-id PATH    the secret's path, and
  --version-id ID     its version, and
  --region REGION     its region, all as they stand on the card in Slack
  --profile NAME      the profile that has the old key, and gets the new one; otherwise $AWS_PROFILE, or default
  --from NAME         fetch with another profile: that of somebody who may read the secret
  --anyway            write though there is no such profile yet, or it has another key than the old one
  --dry-run           fetch, and say what would be written; the new key is not tried, since AWS would note that as its use
  --print env         write nothing: print AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a line each, for a pipe or a file
  --print process     write nothing: print what makes the profile fetch the key at each use, with --from; no secret is in it
  --show-secret       with --print env, though it is a terminal that shows it
  --wait SECONDS      how long AWS may take to know the new key: 120 unless told otherwise, 600 at most
  --help              this

Exit codes: 0 done, or already so; 1 a fault of keyrotate's; ${EXIT_CODES.usage} typed wrongly; ${EXIT_CODES.secret} the secret cannot be fetched; ${EXIT_CODES.key} the new
key does not work; ${EXIT_CODES.file} the file is not to be touched as it is. After any but 0 nothing was changed.

Behind a proxy: NODE_USE_ENV_PROXY=1 with Node.js 24 or newer. For a certificate of your own: NODE_EXTRA_CA_CERTS.
`;

export interface Asked {
  path: string;
  version: string | undefined;
  region: string | undefined;
  profile: string | undefined;
  from: string | undefined;
  print: 'env' | 'process' | undefined;
  anyway: boolean;
  dryRun: boolean;
  showSecret: boolean;
  waitMs: number;
}

/** Pure. Throws Refused (usage). */
export function readArguments(args: readonly string[]): Asked | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help || args.length === 0) return 'help';
  if (positionals.join(' ') !== 'pull')
    throw usage(`“${positionals.join(' ')}” is nothing that keyrotate does here: write keyrotate pull`);
  const { 'secret-id': path, 'version-id': version, region, profile, from, print } = values;
  if (path === undefined) throw usage('--secret-id is missing: copy the command from the card');
  // A path is looked for in the account of whoever fetches; an ARN may be anybody's.
  demand('--secret-id', path, /^[\w/+=.@-]{1,512}$/, 'the secret’s path, not its ARN');
  demand('--version-id', version, /^[\w-]{32,64}$/, 'a version’s id, as it stands on the card');
  demand('--region', region, /^[a-z]{2,}(-[a-z]+)+-\d$/, 'a region such as eu-central-1');
  for (const [name, value] of Object.entries({ '--profile': profile, '--from': from }))
    demand(name, value, /^[^[\]"'\p{Cc}]{1,128}$/u, 'a profile’s name');
  demand('--print', print, /^(env|process)$/, 'env or process');
  demand('--wait', values.wait, /^([1-5]?\d?\d|600)$/, 'seconds from 0 to 600');
  if (values['show-secret'] && print !== 'env') throw usage('--show-secret is for --print env only');
  if (print === 'process' && from === undefined)
    throw usage('--print process takes --from: a profile cannot fetch its own key with that key');
  return {
    ...{ path, version, region, profile, from },
    print: print as Asked['print'],
    anyway: values.anyway,
    dryRun: values['dry-run'],
    showSecret: values['show-secret'],
    waitMs: Number(values.wait) * 1000,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'secret-id': { type: 'string' },
        'version-id': { type: 'string' },
        region: { type: 'string' },
        profile: { type: 'string' },
        from: { type: 'string' },
        print: { type: 'string' },
        wait: { type: 'string', default: '120' },
        anyway: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        'show-secret': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw error instanceof TypeError ? usage(error.message.replace(/[.\s]+$/, '')) : error;
  }
}

function demand(name: string, value: string | undefined, shape: RegExp, meaning: string): void {
  if (value !== undefined && !shape.test(value)) throw usage(`${name} must be ${meaning}`);
}

function usage(message: string): Refused {
  return new Refused('usage', `${message}. keyrotate --help tells the rest.`);
}
