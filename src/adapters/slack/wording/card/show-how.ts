// How the new key is put in place, tool by tool: commands that can be copied as they stand, but for what is in capitals. None of
// them shows the secret on the screen, or leaves it in a shell's history: it goes through a pipe or a variable.
import { ending } from '../../../../domain/access-key.ts';
import type { CreatedKey } from '../../../../domain/rotation.ts';
import type { Tool } from '../../../../usecases/jobs.ts';
import { code, codeBlock } from '../../escape.ts';
import { fetchCommand, OLD_PROFILE, placeOf, pull } from './card-issued.ts';
import type { CardView } from './card-view.ts';

/** At most 75 characters, for a menu. */
export const TOOL_NAMES: Record<Tool, string> = {
  profile: '~/.aws',
  process: 'credential_process',
  github: 'GitHub Actions',
  gitlab: 'GitLab CI',
  terraform: 'Terraform',
  docker: 'Docker',
  kubernetes: 'Kubernetes',
  windows: 'Windows (PowerShell)',
};

export const SHOW_ME_HOW = 'Show me how…';
export const ANOTHER_TOOL = 'For another tool…';

/** Each at most 3,000 characters. */
export function howWords(tool: Tool, { replacement, view }: HowFacts): string[] {
  const place = placeOf(replacement, view);
  const fetch = fetchCommand(place);
  return [
    ...(tool === 'profile' && view.pullCommand !== undefined
      ? pulled(pull(view.pullCommand, place))
      : STEPS[tool]({ fetch, newKey: newKeyFunction(fetch), name: place.fileName })),
    `Then let it run once: the card ticks *New key used* as soon as AWS shows it. What is in CAPITALS is for you to fill in; the new key ends in ${code(ending(replacement.keyId))}.`,
  ];
}

export interface HowFacts {
  replacement: CreatedKey;
  view: CardView;
}

interface Commands {
  /** Prints the secret as JSON. */
  fetch: string;
  /** Defines `new_key`, which prints one field of it. */
  newKey: string;
  /** For files and profiles: no shell takes it for anything else. */
  name: string;
}

function pulled(command: string): string[] {
  return [
    'The profile that has the old key gets the new one, once that was tried. All else in the file stays as it is:',
    codeBlock(command),
    'With `--from PROFILE` a reader’s profile fetches it; `--dry-run` changes nothing; `--help` tells the rest.',
  ];
}

const STEPS: Record<Tool, (commands: Commands) => string[]> = {
  profile: ({ newKey }) => [
    'The profile that has the old key gets the new one. It takes `jq`.',
    codeBlock(
      [
        newKey,
        'id=$(new_key AccessKeyId) && secret=$(new_key SecretAccessKey) &&',
        `aws configure set aws_access_key_id "$id" --profile ${OLD_PROFILE} &&`,
        `aws configure set aws_secret_access_key "$secret" --profile ${OLD_PROFILE}`,
        'unset id secret',
      ].join('\n'),
    ),
  ],
  process: ({ fetch, name }) => [
    'What is stored is what `credential_process` prints. Put it into a file that only you can read:',
    codeBlock(`(umask 077; ${fetch} > ~/.aws/${name}.json)`),
    'Then have the profile read it in `~/.aws/config`, in place of the old key:',
    codeBlock(`[profile ${name}]\ncredential_process = cat "/home/YOU/.aws/${name}.json"`),
  ],
  github: ({ newKey }) => [
    'With `gh` and `jq`, for each repository. Use the names that your workflow reads:',
    codeBlock(
      [
        newKey,
        'new_key AccessKeyId | gh secret set AWS_ACCESS_KEY_ID --repo OWNER/REPOSITORY',
        'new_key SecretAccessKey | gh secret set AWS_SECRET_ACCESS_KEY --repo OWNER/REPOSITORY',
      ].join('\n'),
    ),
    'Secrets of an organisation take `--org ORGANISATION` in place of `--repo`, those of an environment `--env ENVIRONMENT` besides. A role for GitHub’s own identity (OIDC) needs no key at all.',
  ],
  gitlab: ({ newKey }) => [
    'With `glab` and `jq`, for each project. Use the names that your pipeline reads:',
    codeBlock(
      [
        newKey,
        'new_key AccessKeyId | glab variable update AWS_ACCESS_KEY_ID --repo GROUP/PROJECT',
        'new_key SecretAccessKey | glab variable update AWS_SECRET_ACCESS_KEY --masked --repo GROUP/PROJECT',
      ].join('\n'),
    ),
    'Variables of a group take `--group GROUP` in place of `--repo`.',
  ],
  terraform: ({ newKey }) => [
    '*If Terraform made the old key* (`aws_iam_access_key`), it would make another once that is gone, and keep its secret in the state. Take it out first, with its block:',
    codeBlock('terraform state rm aws_iam_access_key.NAME'),
    'The provider itself reads a profile or the environment: change it there, as for `~/.aws` or your CI. For variables of a workspace in HCP Terraform, with `jq`, and a token in `$TFE_TOKEN`:',
    codeBlock(
      [
        newKey,
        'set_variable() { jq -Rs \'{data: {type: "vars", attributes: {value: .}}}\' | curl -sS -o /dev/null -w "%{http_code}\\n" -X PATCH -H "Authorization: Bearer $TFE_TOKEN" -H "Content-Type: application/vnd.api+json" --data @- "https://app.terraform.io/api/v2/workspaces/$1/vars/$2"; }',
        'new_key AccessKeyId | set_variable WORKSPACE_ID VARIABLE_ID',
        'new_key SecretAccessKey | set_variable WORKSPACE_ID VARIABLE_ID',
      ].join('\n'),
    ),
  ],
  docker: ({ fetch, name }) => [
    'A file that only you can read, for `env_file:` or `--env-file`. It takes `jq`; containers read it when they are made, not when they restart:',
    codeBlock(
      [
        `(umask 077; ${fetch} | jq -r '"AWS_ACCESS_KEY_ID=\\(.AccessKeyId)", "AWS_SECRET_ACCESS_KEY=\\(.SecretAccessKey)"' > ${name}.env)`,
        'docker compose up -d --force-recreate SERVICE',
      ].join('\n'),
    ),
  ],
  kubernetes: ({ fetch }) => [
    'With `kubectl` and `jq`. Applied by the server, no annotation keeps a copy of it; what else the secret holds stays:',
    codeBlock(
      [
        `${fetch} | jq '{apiVersion: "v1", kind: "Secret", metadata: {name: "SECRET", namespace: "NAMESPACE"}, stringData: {AWS_ACCESS_KEY_ID: .AccessKeyId, AWS_SECRET_ACCESS_KEY: .SecretAccessKey}}' | kubectl apply --server-side --force-conflicts -f -`,
        'kubectl rollout restart deployment/DEPLOYMENT --namespace NAMESPACE',
      ].join('\n'),
    ),
    'Where a tool such as External Secrets or Sealed Secrets writes that secret, change its source in place of this.',
  ],
  windows: ({ fetch }) => [
    'In PowerShell:',
    codeBlock(
      [
        `$new = ${fetch} | ConvertFrom-Json`,
        `aws configure set aws_access_key_id $new.AccessKeyId --profile ${OLD_PROFILE}`,
        `aws configure set aws_secret_access_key $new.SecretAccessKey --profile ${OLD_PROFILE}`,
        'Remove-Variable new',
      ].join('\n'),
    ),
    'A service or a scheduled task reads what is in the profile of the account that it runs under: do it as that one, then restart it.',
  ],
};

/** One call for each field: nothing is kept between them. */
function newKeyFunction(fetch: string): string {
  return `new_key() { ${fetch} | jq -j ".$1"; }`;
}
