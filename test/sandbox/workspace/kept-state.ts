// The workspace between two runs of `npm start`: one file, written whole.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Backup, rolesOf, setUp, takeBackup } from '../backup.ts';
import type { Sandbox } from '../sandbox.ts';
import { SCENES, type SceneName } from './scenes.ts';

export interface Kept {
  scene: SceneName;
  seen: [string, string][];
  backup: Omit<Backup, 'roles'>;
}

export async function keep(
  file: string,
  { sandbox, scene, seen }: { sandbox: Sandbox; scene: SceneName; seen: Map<string, string> },
): Promise<void> {
  const { at, text } = await takeBackup(sandbox);
  const kept: Kept = { scene, seen: [...seen], backup: { at, text } };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** undefined where there is none, or none of this version's. */
export async function readKept(file: string): Promise<Kept | undefined> {
  try {
    const kept: Kept = JSON.parse(await readFile(file, 'utf8'));
    return kept.scene in SCENES ? kept : undefined;
  } catch {
    return undefined;
  }
}

export async function restore(sandbox: Sandbox, { backup }: Kept): Promise<void> {
  await setUp(sandbox, { ...backup, roles: rolesOf(sandbox) }, 0);
}
