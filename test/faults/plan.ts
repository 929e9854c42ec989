// Which seams are cut. All of them with `--every`; else a question is cut in a few scenes only, whoever plays them.
import type { Scene } from './scenes.ts';
import type { Seam } from './seams.ts';

const EVERYWHERE = 'everywhere';

/**
 * In which scenes each question is cut: it breaks in one move as in all others. What decides whether a key counts as
 * unused is cut wherever it is read.
 */
const CUT_IN: Record<string, readonly string[] | typeof EVERYWHERE> = {
  'iam:GetAccessKeyLastUsed': EVERYWHERE,
  'iam:GetUser': ['createKey', 'a sweep in the middle of a rotation'],
  'iam:ListAccessKeys': ['delete', 'clearSlot', 'a sweep in the middle of a rotation'],
  'iam:GetAccountAuthorizationDetails': ['userGone', 'a user renamed', '/keyrotate list'],
  'iam:GenerateCredentialReport': ['a sweep in the middle of a rotation'],
  'iam:GetCredentialReport': ['a sweep in the middle of a rotation'],
  'secretsmanager:GetSecretValue': ['createKey', '/keyrotate status'],
  'secretsmanager:DescribeSecret': ['createKey', 'adopt', 'a sweep in the middle of a rotation'],
  'dynamodb:GetItem': ['createKey', 'a reminder of several keys'],
  'dynamodb:Query': ['a reminder of several keys', '/keyrotate status', '/keyrotate list'],
  'slack:users.info': ['createKey', '/keyrotate assign', 'an owner who left'],
  'slack:users.lookupByEmail': ['a sweep in the middle of a rotation'],
  'slack:users.conversations': ['/keyrotate status', '/keyrotate list'],
};

export interface Plan {
  scenes(all: readonly Scene[]): Scene[];
  seams(scene: Scene, all: readonly Seam[]): Seam[];
}

export function planOf(every: boolean): Plan {
  return {
    scenes: (all) => all.filter(({ twin }) => every || !twin),
    seams: (scene, all) => all.filter((seam) => every || isTelling(seam) || isCutIn(scene, seam)),
  };
}

/** An index that lags shows each scene another past. */
function isTelling({ changes, fault }: Seam): boolean {
  return changes || fault === 'old';
}

/** A question that nobody has thought of would be left out without a word. */
function isCutIn({ title }: Scene, { call }: Seam): boolean {
  const [name = ''] = call.split(' ');
  const scenes = CUT_IN[name];
  if (!scenes) throw new Error(`${title}: ${name} is cut nowhere`);
  return scenes === EVERYWHERE || scenes.includes(title);
}
