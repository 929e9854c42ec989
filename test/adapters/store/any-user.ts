// Any IAM user that the domain's types allow.
import fc from 'fast-check';
import type { AccessKey } from '../../../src/domain/access-key.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { MATTER_KINDS, type Reader } from '../../../src/domain/message.ts';
import type {
  Actor,
  ClosedRotation,
  HistoryEntry,
  PersonActing,
  Replacement,
  Rotation,
} from '../../../src/domain/rotation.ts';
import { MOVE_NAMES, SIGHTING_NAMES, STAGES } from '../../../src/domain/transitions.ts';
import { record } from '../any-record.ts';

const time = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const texts = fc.array(text, { maxLength: 3 });
const userName = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,64}$/);
const move = fc.constantFrom(...MOVE_NAMES);
const stage = fc.constantFrom(...STAGES);

const use = record({ at: time, service: text }, { region: text });

const key: fc.Arbitrary<AccessKey> = fc.record({
  id: text,
  status: fc.constantFrom('Active', 'Inactive', 'Expired'),
  createdAt: time,
  lastUse: fc.oneof(
    fc.constant({ seen: 'never' } as const),
    use.map((it) => ({ seen: 'used', ...it }) as const),
    fc.constant({ seen: 'unknown' } as const),
  ),
});
const keys = fc.array(key, { maxLength: 2 });

const person: fc.Arbitrary<PersonActing> = fc.record({
  kind: fc.constant('person'),
  slackId: text,
  as: fc.constantFrom('owner', 'admin'),
});
const actor: fc.Arbitrary<Actor> = fc.oneof(fc.constant({ kind: 'keyrotate' } as const), person);

const entry: fc.Arbitrary<HistoryEntry> = record(
  {
    at: time,
    jobId: text,
    what: fc.constantFrom('open', 'wake', 'assign', ...MOVE_NAMES, ...SIGHTING_NAMES),
    outcome: fc.constantFrom('done', 'failed'),
    by: actor,
    to: stage,
    evidence: keys,
    awsRequestIds: texts,
  },
  {
    ...{ from: stage, reason: text, note: text, until: time, keyId: text, decidedAt: time },
    owners: record({}, { before: text, after: text }),
  },
);

const begun = {
  oldKeyId: text,
  oldKeyCreatedAt: time,
  openedAt: time,
  history: fc.array(entry, { maxLength: 3 }),
};
const replacement: fc.Arbitrary<Replacement> = fc.oneof(
  record(
    { kind: fc.constant('created' as const), keyId: text, vaultVersion: text },
    { storedAs: text, mailRegion: text },
  ),
  fc.record({ kind: fc.constant('adopted' as const), keyId: text }),
);
const moreTime = { until: time, why: text, by: actor, at: time };
const given = record(moreTime, { approvedBy: actor });
const decided = record(
  { jobId: text, by: person, at: time, from: time, oldKeyId: text, newKeyId: text },
  { ownedBy: text },
);
const off = { offSince: time, offBy: fc.constantFrom('keyrotate' as const, 'outside' as const) };
const at = <S extends string>(name: S) => ({ stage: fc.constant(name) });

const closed = { ...begun, closedAt: time };
const closedFacts = { replacement, isFiled: fc.constant(true as const) };

export const anyClosedRotation: fc.Arbitrary<ClosedRotation> = fc.oneof(
  record({ ...at('deleted'), ...closed }, closedFacts),
  record({ ...at('resolved'), ...closed }, closedFacts),
);

const rotation: fc.Arbitrary<Rotation> = fc.oneof(
  record(
    { ...at('due'), ...begun },
    {
      ...{ contactedAt: time, extendedTo: time, request: fc.record(moreTime) },
      bothNeeded: fc.record({ at: time, by: actor }),
    },
  ),
  fc.record({ ...at('postponed'), ...begun, ...moreTime, approvedBy: actor }),
  fc.record({ ...at('issued'), ...begun, replacement }),
  fc.record({ ...at('issued'), ...begun, replacement, request: fc.record(moreTime), moreTime: given }),
  record(
    { ...at('confirmed'), ...begun, replacement, confirmedAt: time },
    { moreTime: given, turnSince: time, decided },
  ),
  record({ ...at('deactivated'), ...begun, ...off, replacement }, { newKeyOutSince: time }),
  fc.record({ ...at('retired'), ...begun, ...off }),
  anyClosedRotation,
);

const doubt: fc.Arbitrary<Doubt> = fc.oneof(
  record({ at: time, service: text }, { quietAt: time, silence: fc.nat() }).map(
    (it) => ({ kind: 'oldKeyInUse', ...it }) as const,
  ),
  use.map((it) => ({ kind: 'oldKeyInUse', ...it }) as const),
  use.map((it) => ({ kind: 'newKeyInUse', ...it }) as const),
  fc.record({ kind: fc.constant('removesForGood' as const), keyId: text }),
  fc
    .constantFrom(
      'oldKeyUseUnknown' as const,
      'newKeyNeverUsed' as const,
      'newKeyUseUnknown' as const,
      'weekendAhead' as const,
    )
    .map((kind) => ({ kind })),
);

export const anyReader: fc.Arbitrary<Reader> = fc.oneof(
  fc.record({ as: fc.constant('owner' as const), id: text }),
  fc.record({ as: fc.constant('admin' as const), id: text }),
  record(
    {
      as: fc.constant('admins' as const),
      matter: fc.constantFrom(...MATTER_KINDS),
      level: fc.integer({ min: 1, max: 9 }),
      at: time,
    },
    { isList: fc.constant(true as const) },
  ),
);

/** Never saved before; cloned, because some of fast-check's records have no prototype. */
export const anyUser: fc.Arbitrary<IamUser> = record(
  {
    account: fc.stringMatching(/^\d{12}$/),
    userName,
    userId: text,
    arn: text,
    version: fc.constant(0),
    owner: fc.oneof(
      fc.record({
        kind: fc.constant('person' as const),
        slackId: fc.stringMatching(/^[UW][A-Z0-9]{6,20}$/),
        from: fc.constantFrom('link', 'ownerTag', 'mailTag', 'userName'),
        timeZone: fc.constantFrom('Europe/Madrid', 'Asia/Kathmandu', 'not a zone'),
      }),
      fc.record({ kind: fc.constant('channel' as const), channelId: text }),
      fc.record({
        kind: fc.constant('nobody' as const),
        why: fc.constantFrom('none', 'ambiguous', 'left', 'disowned'),
        named: texts,
      }),
    ),
    keys,
    keysSeenAt: time,
    knownKeyIds: texts,
    longestSilence: fc.nat(),
    messages: fc.array(fc.record({ channel: text, ts: text, reader: anyReader, drawing: text }), {
      maxLength: 3,
    }),
    toldEntries: fc.nat(9),
    unconfirmed: fc.array(fc.record({ sighting: fc.constantFrom(...SIGHTING_NAMES), firstSeenAt: time }), {
      maxLength: 2,
    }),
    stranded: texts,
  },
  {
    link: fc.record({
      to: fc.record({ kind: fc.constant('person' as const), slackId: text }),
      by: text,
      at: time,
    }),
    ownerChange: fc.record({
      to: fc.constant({ kind: 'channel' as const, channelId: 'C0TEAM' }),
      at: time,
    }),
    disowned: fc.record({ slackId: text, why: text, at: time }),
    exempt: fc.oneof(
      fc.record({ kind: fc.constant('until' as const), until: time, why: text }),
      fc.record({ kind: fc.constant('unclear' as const), text }),
    ),
    secretOpenedOn: time,
    usedAt: fc.record({ text, at: time, by: text }),
    changedAt: time,
    rotation,
    claim: record(
      { jobId: text, move, actor: person, at: time, leaseUntil: time, knownKeyIds: texts },
      { evidence: keys, keyId: text, input: fc.record({ text, until: time }), decidedAt: time },
    ),
    question: record(
      { move, doubts: fc.array(doubt, { maxLength: 3 }), askedAt: time },
      { input: fc.record({ text, until: time }) },
    ),
    notifiedAt: time,
    quietUntil: time,
    nudged: fc.record({ at: time, jobId: text }),
    failure: fc.record({ since: time, what: text, code: text }),
  },
).map((user) => structuredClone(user));
