// serverless.yml with its variables filled in, and CloudFormation's short tags turned into their long forms.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse, type ScalarTag, type YAMLSeq } from 'yaml';

const SERVERLESS_FILE = new URL('../../../serverless.yml', import.meta.url);

export type Mode = 'preview' | 'live';

/** Where and how to deploy. Nothing is taken from the surroundings: an `env` not given is empty. */
export interface Deployment {
  mode?: Mode;
  account?: string;
  region?: string;
  stage?: string;
  /** What `--param` would pass. */
  params?: Record<string, string>;
  env?: Record<string, string>;
  /** The start of every queue's URL; SQS's own by default. */
  sqsUrl?: string;
}

type RawFile = Record<string, unknown> & { params: { default: Record<string, unknown> } };

export function readServerlessYaml(deployment: Deployment): unknown {
  raw ??= readRaw();
  return fill(raw, raw, deployment);
}

/** Parsing took a tenth of a test run: the file is parsed once, and `fill` copies what it is given. */
let raw: RawFile | undefined;

function readRaw(): RawFile {
  const text = readFileSync(SERVERLESS_FILE, 'utf8');
  // The alarms build on one another. It is our own file: no number of aliases in it is an attack.
  return parse(text, { merge: true, customTags: CLOUDFORMATION_TAGS, maxAliasCount: -1 });
}

const CLOUDFORMATION_TAGS = [
  scalarTag('!Ref', (text) => ({ Ref: text })),
  scalarTag('!Sub', (text) => ({ 'Fn::Sub': text })),
  scalarTag('!GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  ...['If', 'Equals', 'Not', 'And', 'Sub'].map((name) => ({
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (items: unknown) => ({ [`Fn::${name}`]: (items as YAMLSeq).toJSON() }),
  })),
];

function scalarTag(tag: string, resolve: (text: string) => unknown): ScalarTag {
  return { tag, resolve };
}

/** As many kinds of the Serverless Framework's own variables as the file uses; the innermost comes first. */
const VARIABLE = /\$\{((?:self|param|env|opt|sls|file\([^()]*\))[^${}]*)\}/;

function fill(value: unknown, file: RawFile, deployment: Deployment): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(item, file, deployment));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, fill(item, file, deployment)]);
    return Object.fromEntries(entries);
  }
  if (typeof value !== 'string') return value;
  const [variable, sources] = VARIABLE.exec(value) ?? [];
  if (variable === undefined || sources === undefined) return value;
  const found = lookUp(sources, file, deployment);
  if (value === variable) return fill(found, file, deployment);
  return fill(
    value.replace(variable, () => String(found)),
    file,
    deployment,
  );
}

/** `env:NAME, 'literal'`: the first source that knows a value. */
function lookUp(sources: string, file: RawFile, deployment: Deployment): unknown {
  for (const [source] of sources.matchAll(/'[^']*'|[^\s,][^,]*/g)) {
    const value = source.startsWith("'") ? source.slice(1, -1) : readSource(source, file, deployment);
    if (value !== undefined) return value;
  }
  throw new Error(`serverless.yml: no value for \${${sources}}`);
}

function readSource(source: string, file: RawFile, deployment: Deployment): unknown {
  const [kind, address = ''] = source.split(':');
  if (kind === 'env') return deployment.env?.[address];
  if (kind === 'param') return paramsOf(deployment)[address] ?? file.params.default[address];
  if (kind === 'opt') return { region: deployment.region, stage: deployment.stage }[address];
  if (kind === 'sls') return deployment.stage ?? 'dev';
  if (source.startsWith('file(')) return valueOfFile(source.slice('file('.length, -1), file, deployment);
  return address
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], file);
}

/** Each such file makes a list of a setting. The framework waits for it; what it waits for is at hand here. */
function valueOfFile(path: string, file: RawFile, deployment: Deployment): unknown {
  const { setting, made } = createRequire(SERVERLESS_FILE)(path);
  return made(fill(readSource(`param:${setting}`, file, deployment), file, deployment));
}

function paramsOf({ mode, params }: Deployment): Record<string, string> {
  return mode === undefined ? { ...params } : { ...params, MODE: mode };
}
