// What the version before this one wrote about the messages of an IAM user, read; and the same written for it, so that it
// can be deployed again. It kept a field for each message, and a list of what was still to be told.
import * as z from 'zod/mini';
import { hasNews } from '../../domain/agenda.ts';
import type { IamUser } from '../../domain/iam-user.ts';
import { matters } from '../../domain/matters.ts';
import { type Card, isSameCard, type MatterKind } from '../../domain/message.ts';
import type { Policy } from '../../domain/policy.ts';
import { isUnfiled } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { cardOf } from '../../domain/wanted.ts';
import { card } from './fields.ts';
import type { Item } from './item.ts';

const place = z.object(card);

/** Only what is needed of it. */
const Earlier = z.object({
  version: z.int(),
  keysSeenAt: z.iso.datetime(),
  owner: z.object({ slackId: z.optional(z.string()), channelId: z.optional(z.string()) }),
  owed: z.array(z.string()),
  card: z.optional(place),
  formerCard: z.optional(place),
  adminCard: z.optional(place),
  notice: z.optional(z.extend(place, { news: z.object({ kind: z.string() }) })),
  rotation: z.optional(z.looseObject({ closedAt: z.optional(z.string()), history: z.array(z.unknown()) })),
});

/** Its fields, which are written beside ours so that it can read the item. */
const ITS_OWN = ['card', 'formerCard', 'adminCard', 'notice', 'owed', 'news', 'messagesOf'];

/** An item as this version wrote it, whoever wrote it last. One that cannot be read is left for the schema to refuse. */
export function fromEarlierVersion(item: Item): Item {
  const { data } = Earlier.safeParse(item);
  const isOurs = item.messages !== undefined && item.messagesOf === item.version;
  const ours = Object.fromEntries(Object.entries(item).filter(([name]) => !ITS_OWN.includes(name)));
  return isOurs || !data ? ours : { ...ours, ...upgraded(data) };
}

function upgraded({ owner, owed, keysSeenAt, rotation, ...earlier }: z.output<typeof Earlier>): Item {
  const sent = (at: Card | undefined, reader: Item) => (at ? [{ ...placeOf(at), reader, drawing: '' }] : []);
  const { formerCard, adminCard, notice } = earlier;
  const matter = notice?.news.kind === 'unanswered' ? 'silence' : notice?.news.kind;
  const isFiled = rotation?.closedAt !== undefined && !owed.includes('file');
  return {
    messages: [
      ...sent(formerCard, { as: 'owner', id: 'former' }),
      ...sent(earlier.card, { as: 'owner', id: owner.slackId ?? owner.channelId ?? '' }),
      ...sent(adminCard, { as: 'admin', id: adminCard?.channel }),
      ...sent(notice, { as: 'admins', matter, level: 1, at: keysSeenAt }),
    ],
    toldEntries: owed.includes('notify') ? 0 : (rotation?.history.length ?? 0),
    ...(rotation && { rotation: { ...rotation, ...(isFiled && { isFiled }) } }),
  };
}

/** `version`: the one that is written, so that a later write by the earlier version shows. */
export function forEarlierVersion(user: IamUser, policy: Policy, now: Instant): Item {
  const { messages, rotation, answer, version } = user;
  const own = cardOf(user);
  const first = messages.find(({ reader }) => reader.as === 'owner');
  const former = first && own && !isSameCard(first, own) ? first : undefined;
  const admin = cardOf(user, 'admin');
  const news = matters(user, policy, now).flatMap(({ kind }) => newsOf(kind, user));
  return {
    messagesOf: version,
    news,
    owed: [
      // The earlier version does not understand the buttons of ours, so it is to draw its own.
      ...(own ? ['redraw'] : []),
      ...(former ? ['remove'] : []),
      ...(hasNews(user) ? ['notify'] : []),
      ...(answer ? ['answer'] : []),
      ...(news.length > 0 ? ['announce'] : []),
      ...(isUnfiled(rotation) ? ['file'] : []),
    ],
    ...(own && { card: placeOf(own) }),
    ...(former && { formerCard: placeOf(former) }),
    ...(admin && { adminCard: placeOf(admin) }),
  };
}

/** The earlier version does not understand our buttons in the admin channel, so it is to tell admins again. */
function newsOf(kind: MatterKind, { rotation, disowned }: IamUser): Item[] {
  if (kind === 'noOwner') return [];
  if (kind === 'silence') return [{ kind: 'unanswered' }];
  if (kind === 'notMine') return disowned ? [{ kind, slackId: disowned.slackId, why: disowned.why }] : [];
  if (kind !== 'bothNeeded') return [{ kind }];
  const by = rotation?.stage === 'due' ? rotation.bothNeeded?.by : undefined;
  return by?.kind === 'person' ? [{ kind, slackId: by.slackId }] : [];
}

function placeOf({ channel, ts }: Card): Card {
  return { channel, ts };
}
