// IAM users that differ from others in nothing but who they are: playing each of a thousand into the same state takes minutes.
import { DAY } from '../sandbox/clock.ts';
import { seedIam } from '../sandbox/organisation.ts';
import type { WrittenItem } from '../sandbox/play/items.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Member } from '../sandbox/servers/slack/workspace.ts';
import { everyItem, putItems } from './table-items.ts';

export interface Copy {
  userName: string;
  owner: Member;
  /** Of whom everything is said that is said of the copy. */
  like: { userName: string; owner: Member };
}

/** Adds each to IAM, and what is on record about whom it is like to the table. */
export async function addCopies(sandbox: Sandbox, copies: readonly Copy[]): Promise<void> {
  const { aws, clock, organisation } = sandbox;
  const { users } = aws.iam.state;
  const keyLike = ({ like }: Copy) => users.get(like.userName)?.keys[0];
  const seeded = copies.map((copy) => ({
    name: copy.userName,
    tags: mapped(users.get(copy.like.userName)?.tags ?? {}, copy),
    keys: [{ age: (clock.now() - (keyLike(copy)?.createdAt ?? 0)) / DAY }],
  }));
  seedIam(aws.iam, clock, seeded, organisation.region);
  for (const copy of copies) {
    const { lastUsed } = keyLike(copy) ?? {};
    const key = users.get(copy.userName)?.keys[0];
    if (key && lastUsed) key.lastUsed = lastUsed;
  }
  const items = await everyItem(sandbox);
  await putItems(
    sandbox,
    copies.flatMap((copy) => copied(sandbox, items, copy)),
  );
}

function copied(sandbox: Sandbox, items: readonly WrittenItem[], copy: Copy): WrittenItem[] {
  const one = idsOf(sandbox, copy.like.userName);
  const another = idsOf(sandbox, copy.userName);
  const about = items.filter((item) => isAbout(item, copy.like.userName));
  const text = JSON.stringify(about)
    .replaceAll(one.userId, another.userId)
    .replaceAll(one.keyId, another.keyId)
    .replace(new RegExp(`(?<![\\w-])${copy.like.userName}(?![\\w-])`, 'g'), copy.userName);
  return JSON.parse(ownedBy(text, copy));
}

function mapped(tags: Record<string, string>, copy: Copy): Record<string, string> {
  return JSON.parse(ownedBy(JSON.stringify(tags), copy));
}

function ownedBy(text: string, { owner, like }: Copy): string {
  return text
    .replaceAll(like.owner.id, owner.id)
    .replaceAll(like.owner.email, owner.email)
    .replace(new RegExp(`(?<![\\w-])${like.owner.name}(?![\\w-])`, 'g'), owner.name);
}

function isAbout({ pk, sk }: WrittenItem, userName: string): boolean {
  return [pk?.S, sk?.S].some((key = '') => key.split('#').includes(userName));
}

function idsOf({ aws }: Sandbox, userName: string): { userId: string; keyId: string } {
  const user = aws.iam.state.users.get(userName);
  const [key] = user?.keys ?? [];
  if (!user || !key) throw new Error(`IAM has no ${userName} with a key`);
  return { userId: user.userId, keyId: key.id };
}
