// Every command of AWS's that the documentation asks somebody to type: a shell understands it, and AWS has such a call with such options.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = ['README.md', 'SECURITY.md', 'docs/RUNBOOK.md'];

/** Of the CLI itself, whatever is called. */
const GLOBAL = ['query', 'output', 'region', 'profile', 'cli-input-json', 'cli-binary-format'];
/** What the CLI makes of several calls. */
const OWN = ['logs tail', 'dynamodb wait'];
/** Whose client is not among the packages, and would be for this alone. */
const NOT_HERE = ['organizations list-accounts'];
/** By the CLI's name for a service. */
const CLIENTS: Record<string, string> = { logs: 'cloudwatch-logs', secretsmanager: 'secrets-manager' };
/** Options that the CLI calls otherwise than AWS does. */
const RENAMED: Record<string, string> = { 'notification-endpoint': 'endpoint' };

interface Written {
  page: string;
  text: string;
}

/** Blocks, and what stands between single marks. Lines that end in a backslash go on. */
const blocks: Written[] = PAGES.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll('\r', '');
  const fenced = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].map(([, code = '']) => code);
  const inline = [...text.matchAll(/`(aws [a-z-]+ [^`]*)`/g)].map(([, code = '']) => code);
  return [...fenced, ...inline].map((code) => ({ page, text: code.replaceAll(/\\\n\s*/g, '') }));
});

const commands = blocks.flatMap(({ page, text }) =>
  text
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(/(?:^|[\s(|])aws ([a-z]+) ([a-z-]+)((?:[^|'"]|'[^']*'|"[^"]*")*)/g)].map(
        ([whole, service = '', call = '', rest = '']) => ({ page, whole: whole.trim(), service, call, rest }),
      ),
    ),
);

/** All that AWS's own description of the call names, as the SDK has it. */
function optionsOf(service: string, call: string): string[] | undefined {
  const name = call.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase());
  const folder = join(ROOT, 'node_modules/@aws-sdk', `client-${CLIENTS[service] ?? service}`, 'dist-types');
  const command = join(folder, 'commands', `${name}Command.d.ts`);
  if (!existsSync(command)) return undefined;
  const [, extended = `${name}Request`] =
    /CommandInput extends (\w+)/.exec(readFileSync(command, 'utf8')) ?? [];
  const input = extended === 'InvokeCommandInputType' ? 'InvocationRequest' : extended;
  const models = readdirSync(join(folder, 'models')).filter((file) => file.startsWith('models'));
  const text = models.map((file) => readFileSync(join(folder, 'models', file), 'utf8')).join('\n');
  const [, body = ''] =
    new RegExp(`interface ${input} (?:extends \\w+ )?\\{([\\s\\S]*?)\\n\\}`).exec(text) ?? [];
  return [...body.matchAll(/^ {4}(\w+)\??: /gm)].map(([, member = '']) =>
    member.replace(/[a-z0-9](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$&-').toLowerCase(),
  );
}

it('there are some to look at', () => {
  expect(commands.length).toBeGreaterThan(30);
});

describe('what stands in a block', () => {
  const shell = blocks.filter(
    ({ text }) => /^\s*(?:aws|[A-Z_]+=|export |npx |npm )/m.test(text) && !/[<…]/.test(text),
  );
  it.each(shell)('is understood by a shell: $page $text', ({ text }) => {
    expect(() => execFileSync('bash', ['-n', '-c', text], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('a command of AWS’s', () => {
  it.each(commands)('is one that there is, with options that it takes: $whole', ({ service, call, rest }) => {
    if ([...OWN, ...NOT_HERE].includes(`${service} ${call}`)) return;
    const taken = optionsOf(service, call);
    expect(taken, `${service} has no ${call}`).toBeDefined();
    const words = rest.replaceAll(/'[^']*'|"[^"]*"/g, 'quoted');
    const given = [...words.matchAll(/\s--(?:no-)?([a-z-]+)/g)].map(
      ([, option = '']) => RENAMED[option] ?? option,
    );
    expect(given.filter((option) => !taken?.includes(option) && !GLOBAL.includes(option))).toEqual([]);
  });
});
