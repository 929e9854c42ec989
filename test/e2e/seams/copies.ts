// The same scene again and again: played once in each sandbox, then copied, which is ten times as fast.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { card } from '../../sandbox/play.ts';
import { type Message, nextTs } from '../../sandbox/slack/workspace.ts';
import { type Scene, setUp } from './scenes.ts';
import { itemsOf, newName, type World } from './world.ts';

const originals = new WeakMap<World, Map<Scene, string>>();

/** A new user who stands where the scene begins. */
export async function copyOf(world: World, scene: Scene): Promise<string> {
  const known = originals.get(world) ?? new Map<Scene, string>();
  originals.set(world, known);
  const original = known.get(scene) ?? (await keep(world, scene));
  known.set(scene, original);
  return copy(world, original);
}

/** Sets the scene for a user who stays when the others are forgotten. */
async function keep(world: World, scene: Scene): Promise<string> {
  const userName = await setUp(world, scene);
  world.current.splice(world.current.indexOf(userName), 1);
  const { channel, ts } = card(world.sandbox, world.ana, userName);
  world.kept.set(userName, { channel, ts });
  await rest(world, userName);
  return userName;
}

/** No schedule finds it any more: only its copies live on. */
async function rest(world: World, userName: string): Promise<void> {
  const [item = {}] = await itemsOf(world, userName);
  for (const list of ['dueIn', 'nextAt', 'listedIn', 'ownerId']) delete item[list];
  const TableName = world.sandbox.environment.TABLE_NAME;
  await world.table.send(new PutCommand({ TableName, Item: item }));
}

/** Keys, secret, record and card, with every name and id of the original's replaced. */
async function copy(world: World, original: string): Promise<string> {
  const { sandbox, table } = world;
  const { iam, secrets } = sandbox.aws;
  const userName = newName(world);
  const source = iam.state.users.get(original);
  if (!source) throw new Error(`IAM knows no ${original}`);
  const user = iam.addUser(userName, { createdAt: source.createdAt, tags: source.tags });
  const names = [
    [original, userName],
    [source.userId, user.userId],
  ];
  for (const { id, secret, lastChangedAt, ...key } of source.keys) {
    const made = Object.assign(iam.addKey(userName, key), { lastChangedAt });
    names.push([id, made.id], [secret, made.secret]);
  }
  const renamed = <T>(value: T): T =>
    JSON.parse(
      names.reduce((text, [from = '', to = '']) => text.replaceAll(from, to), JSON.stringify(value)),
    );

  for (const secret of [...secrets.state.secrets.values()].filter(({ name }) => name.includes(original))) {
    const versions = [...secret.versions].map(([id, { stages, ...version }]) => {
      return [id, { ...renamed(version), stages: new Set(renamed([...stages])) }] as const;
    });
    const { tags, versions: _, policy, ...rest } = secret;
    const made = {
      ...renamed(rest),
      tags: new Map(renamed([...tags])),
      versions: new Map(versions),
      ...(policy && { policy: { ...policy, document: renamed(policy.document) } }),
    };
    secrets.state.secrets.set(made.name, made);
  }

  const { channel, ts } = world.kept.get(original) ?? {};
  const messages = sandbox.slack.workspace.channels.get(channel ?? '')?.messages ?? [];
  const shown = messages.find((message) => message.ts === ts);
  if (!shown) throw new Error(`no card of ${original}`);
  const message: Message = { ...renamed(shown), ts: nextTs(sandbox.slack.workspace, sandbox.clock) };
  messages.push(message);
  const [item] = await itemsOf(world, original);
  const record = { ...renamed(item), card: { channel: message.channel, ts: message.ts } };
  await table.send(new PutCommand({ TableName: sandbox.environment.TABLE_NAME, Item: record }));
  return userName;
}
