// Any IAM user that the domain's types allow.
import fc from 'fast-check';
import type { AccessKey } from '../../../src/domain/access-key.ts';
import type { Doubt } from '../../../src/domain/evidence.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import type { Actor, ClosedRotation, HistoryEntry, Rotation } from '../../../src/domain/rotation.ts';
import { MOVE_NAMES, STAGES } from '../../../src/domain/transitions.ts';

const time = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const texts = fc.array(text, { maxLength: 3 });
const userName = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,64}$/);
const move = fc.constantFrom(...MOVE_NAMES);
const stage = fc.constantFrom(...STAGES);

const use = fc.record({ at: time, service: text, region: text }, { requiredKeys: ['at', 'service'] });

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

const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant({ kind: 'keyrotate' } as const),
  fc.record({
    kind: fc.constant('person' as const),
    slackId: text,
    as: fc.constantFrom('owner', 'admin'),
  }),
);

const entry: fc.Arbitrary<HistoryEntry> = fc.record(
  {
    at: time,
    jobId: text,
    what: fc.constantFrom('open', 'oldKeyGone', ...MOVE_NAMES),
    outcome: fc.constantFrom('done', 'failed'),
    by: actor,
    from: stage,
    to: stage,
    evidence: keys,
    awsRequestIds: texts,
    reason: text,
  },
  { requiredKeys: ['at', 'jobId', 'what', 'outcome', 'by', 'to', 'evidence', 'awsRequestIds'] },
);

const begun = {
  oldKeyId: text,
  oldKeyCreatedAt: time,
  openedAt: time,
  history: fc.array(entry, { maxLength: 3 }),
};
const replacement = fc.record({ kind: fc.constant('created' as const), keyId: text, vaultVersion: text });
const off = { offSince: time, offBy: fc.constantFrom('keyrotate' as const, 'outside' as const) };
const at = <S extends string>(name: S) => ({ stage: fc.constant(name) });

const requiredKeys = ['stage', 'oldKeyId', 'oldKeyCreatedAt', 'openedAt', 'history', 'closedAt'] as const;
const closedFacts = { ...begun, replacement, closedAt: time };

export const anyClosedRotation: fc.Arbitrary<ClosedRotation> = fc.oneof(
  fc.record({ ...at('deleted'), ...closedFacts }, { requiredKeys: [...requiredKeys] }),
  fc.record({ ...at('resolved'), ...closedFacts }, { requiredKeys: [...requiredKeys] }),
);

const rotation: fc.Arbitrary<Rotation> = fc.oneof(
  fc.record({ ...at('due'), ...begun }),
  fc.record({ ...at('issued'), ...begun, replacement }),
  fc.record({ ...at('confirmed'), ...begun, replacement, confirmedAt: time }),
  fc.record({ ...at('deactivated'), ...begun, ...off, replacement }),
  fc.record({ ...at('retired'), ...begun, ...off }),
  anyClosedRotation,
);

const doubt: fc.Arbitrary<Doubt> = fc.oneof(
  use.map((it) => ({ kind: 'oldKeyInUse', ...it }) as const),
  use.map((it) => ({ kind: 'newKeyInUse', ...it }) as const),
  fc
    .constantFrom('oldKeyUseUnknown' as const, 'newKeyNeverUsed' as const, 'newKeyUseUnknown' as const)
    .map((kind) => ({ kind })),
);

/** Never saved before; cloned, because some of fast-check's records have no prototype. */
export const anyUser: fc.Arbitrary<IamUser> = fc
  .record(
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
          from: fc.constantFrom('ownerTag', 'mailTag', 'userName'),
        }),
        fc.record({
          kind: fc.constant('nobody' as const),
          why: fc.constantFrom('none', 'ambiguous'),
          named: texts,
        }),
      ),
      keys,
      keysSeenAt: time,
      changedAt: time,
      rotation,
      claim: fc.record({ jobId: text, move, actor, at: time, leaseUntil: time, knownKeyIds: texts }),
      question: fc.record({ move, doubts: fc.array(doubt, { maxLength: 3 }), askedAt: time }),
      card: fc.record({ channel: text, ts: text }),
      notifiedAt: time,
      owed: fc.uniqueArray(fc.constantFrom('redraw' as const, 'notify' as const, 'file' as const)),
      absence: fc.record({ keyId: text, firstSeenAt: time }),
      stranded: texts,
      failure: fc.record({ since: time, what: text, code: text }),
    },
    {
      requiredKeys: [
        'account',
        'userName',
        'userId',
        'arn',
        'version',
        'owner',
        'keys',
        'keysSeenAt',
        'owed',
        'stranded',
      ],
    },
  )
  .map((user) => structuredClone(user));
