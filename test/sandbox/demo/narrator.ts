// Prints what happens in the sandbox as a transcript: what people read and press, and what that changes in AWS.
import type { Sandbox } from '../sandbox.ts';
import { renderMessage } from '../servers/slack/transcript.ts';
import type { Message } from '../servers/slack/workspace.ts';
import type { RecordedCall } from '../servers/wire.ts';

export interface Narrator {
  chapter(title: string): void;
  say(text: string): void;
  /** A message as the person sees it. */
  shows(reader: string, message: Message): void;
  presses(person: string, button: string): void;
  types(person: string, text: string): void;
  /** What somebody wrote into a form. */
  fills(person: string, label: string, value: string): void;
  /** Every change in AWS since the last time it was told. */
  awsChanges(): void;
  check(holds: boolean, claim: string): void;
  /** True while every check has held. */
  readonly allHeld: boolean;
}

/** Calls that change IAM or the vault, and how to tell them. */
const CHANGES: Record<string, (input: Record<string, unknown>, reply: string) => string> = {
  CreateAccessKey: (_, reply) => `new key …${/<AccessKeyId>\w*(\w{4})</.exec(reply)?.[1]}`,
  UpdateAccessKey: ({ AccessKeyId, Status }) => `…${String(AccessKeyId).slice(-4)} is now ${Status}`,
  DeleteAccessKey: ({ AccessKeyId }) => `…${String(AccessKeyId).slice(-4)} is gone`,
  CreateSecret: ({ Name }) => String(Name),
  PutResourcePolicy: ({ SecretId }) => `who may read ${SecretId}`,
  PutSecretValue: ({ SecretId }) => `the key's secret, to ${SecretId}`,
  UpdateSecretVersionStage: ({ SecretId }) => `labels of ${SecretId}`,
};

export function narrator(
  sandbox: Sandbox,
  options: { colour: boolean; write: (line: string) => void },
): Narrator {
  const { colour, write } = options;
  const style = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [bold, dim, green, red, cyan] = [1, 2, 32, 31, 36].map(style) as [Style, Style, Style, Style, Style];
  let told = 0;
  let allHeld = true;

  const nameOf = (id: string) => sandbox.slack.workspace.members.get(id)?.real_name.split(' ')[0] ?? id;
  const when = () => new Date(sandbox.clock.now()).toUTCString().replace(/:\d\d GMT$/, ' UTC');

  return {
    chapter(title) {
      write(`\n${bold(title)}  ${dim(when())}`);
    },
    say: (text) => write(text),
    shows(reader, message) {
      write(dim(`  ${nameOf(reader)} reads:`));
      const { slack, clock } = sandbox;
      const rendering = { workspace: slack.workspace, reader, colour, now: clock.now() };
      write(indented(renderMessage(message, rendering)));
    },
    presses: (person, button) => write(`  ${cyan('▸')} ${nameOf(person)} presses ${bold(`[ ${button} ]`)}`),
    fills: (person, label, value) => write(`    ${nameOf(person)} fills in ${bold(label)} ${value}`),
    types: (person, text) => write(`  ${cyan('▸')} ${nameOf(person)} types ${bold(text)}`),
    awsChanges() {
      const calls = sandbox.aws.wire.calls.slice(told);
      told = sandbox.aws.wire.calls.length;
      for (const line of calls.flatMap(describeChange)) write(`    ${dim('AWS')} ${line}`);
    },
    check(holds, claim) {
      allHeld &&= holds;
      write(`  ${holds ? green('✓') : red('✗')} ${claim}`);
    },
    get allHeld() {
      return allHeld;
    },
  };
}

type Style = (text: string) => string;

function describeChange({ service, action, input, reply }: RecordedCall): string[] {
  const tell = CHANGES[action];
  if (!tell || (service !== 'iam' && service !== 'secretsmanager')) return [];
  const refused = reply && reply.status >= 400 ? '  — refused' : '';
  return [`${action.padEnd(18)} ${tell(input, reply?.body ?? '')}${refused}`];
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
