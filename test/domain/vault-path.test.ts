// Two IAM users never share a path, and every path is one that Secrets Manager takes.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { vaultPath } from '../../src/domain/vault-path.ts';

// IAM: "User names can contain up to 64 letters, digits, and these characters: + = , . @ - _"
const userName = fc.string({
  unit: fc.constantFrom(...'abzABZ019+=,.@-_23CD'),
  minLength: 1,
  maxLength: 64,
});
const ID = 'AIDACIDEPLOY000000001';
const path = (name: string, userId = ID, account = '111122223333') =>
  vaultPath('/iam/keys', { account, userName: name, userId });

it('puts a user where people expect it', () => {
  expect(path('ci-deploy')).toBe(`/iam/keys/111122223333/ci-deploy/${ID}`);
});

it('escapes the comma that Secrets Manager does not take, and the escape itself', () => {
  expect(path('reports,monthly')).toBe(`/iam/keys/111122223333/reports=2Cmonthly/${ID}`);
  expect(path('reports=2Cmonthly')).toBe(`/iam/keys/111122223333/reports=3D2Cmonthly/${ID}`);
});

it('keeps apart two users that had the same name, one after the other', () => {
  expect(path('ci-deploy', 'AIDACIDEPLOY000000002')).not.toBe(path('ci-deploy'));
});

it('is injective', () => {
  fc.assert(
    fc.property(userName, userName, (a, b) => (a === b) === (path(a) === path(b))),
    { numRuns: 2000 },
  );
});

it('keeps apart what escapes to look alike, in whichever account', () => {
  const lookalike = fc
    .array(fc.constantFrom(',', '=2C', '=3D2C', '=', '=3D', '2C', '3D', '-a1B2c3', 'key', 'a', '.', '@'), {
      minLength: 1,
      maxLength: 6,
    })
    .map((pieces) => pieces.join(''));
  const user = fc.tuple(fc.constantFrom('111122223333', '111122223334'), lookalike);
  fc.assert(
    fc.property(user, user, ([inOne, a], [inOther, b]) => {
      const isSame = inOne === inOther && a === b;
      return isSame === (path(a, ID, inOne) === path(b, ID, inOther));
    }),
    { numRuns: 5000 },
  );
});

it('holds only characters of secret names, and never ends in a hyphen and six characters', () => {
  fc.assert(
    fc.property(userName, (user) => {
      expect(path(user)).toMatch(/^[A-Za-z0-9/_+=.@-]{1,512}$/);
      expect(path(user)).not.toMatch(/-[A-Za-z0-9]{6}$/);
    }),
  );
});
