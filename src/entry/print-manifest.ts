// Prints Slack's app manifest with a deployment's address filled in, or with Socket Mode in its place: npm run --silent manifest
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PLACEHOLDER = 'https://example.invalid/slack/events';
const EVENTS_PATH = '/slack/events';
const USAGE =
  'Usage: npm run --silent manifest -- --url https://HOST (what the deployment prints as its endpoint), or --socket (for npm run dev)';

/**
 * The manifest for an app whose API is at `url`: its base, or the full address of the events. Throws on any other, and where
 * the manifest has no place for it.
 */
export function filledManifest(url: string, manifest = readManifest()): string {
  if (!manifest.includes(PLACEHOLDER))
    throw new Error(
      'manifest.json has no place for the address: get it back with git checkout manifest.json, and print to another file',
    );
  return manifest.replaceAll(PLACEHOLDER, eventsUrl(url));
}

/** The same for an app that opens a connection to Slack, and has no address. */
export function socketManifest(): string {
  const manifest = JSON.parse(filledManifest('https://example.com'), (name, value) =>
    name === 'url' || name === 'request_url' ? undefined : value,
  );
  manifest.settings.socket_mode_enabled = true;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readManifest(): string {
  return readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8');
}

function eventsUrl(text: string): string {
  if (!URL.canParse(text)) throw new Error(`--url is not a URL: ${text}`);
  const { protocol, host, pathname, search, hash, username } = new URL(text);
  if (protocol !== 'https:') throw new Error(`--url must start with https://, as Slack asks: ${text}`);
  if (search || hash || username) throw new Error(`--url must be host and path only: ${text}`);
  const path = pathname.replace(/\/+$/, '');
  return `https://${host}${path.endsWith(EVENTS_PATH) ? path : path + EVENTS_PATH}`;
}

function wanted(args: string[]): string {
  const options = { url: { type: 'string' }, socket: { type: 'boolean' } } as const;
  const { url, socket } = parseArgs({ args, options }).values;
  if (socket && url !== undefined) throw new Error('--url and --socket exclude each other');
  if (socket) return socketManifest();
  if (!url) throw new Error('--url is missing');
  return filledManifest(url);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(wanted(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exitCode = 2;
  }
}
