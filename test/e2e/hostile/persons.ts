// One person of every kind that may turn up at a button.
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Forgery } from '../../sandbox/servers/slack/signed-request.ts';
import { addMember, addUsergroup, type Member } from '../../sandbox/servers/slack/workspace.ts';

/** Admins besides Sam: those who are barred. They are in the channel that owns, too, and may do nothing all the same. */
export const ADMIN_GROUP = 'S00ADMINS1';

const BARRED = {
  guest: { is_restricted: true },
  stranger: { is_stranger: true },
  left: { deleted: true },
  bot: { is_bot: true },
  foreign: { team_id: 'T000000099' },
} satisfies Record<string, Partial<Member>>;

/** Good people, whose request was made for somebody else. */
const MISDIRECTED = {
  otherSpace: { teamId: 'T000000099' },
  otherApp: { appId: 'A000000099' },
} satisfies Record<string, Forgery>;

export const PERSONS = [
  ...(['owner', 'team', 'admin', 'member'] as const),
  ...(Object.keys(BARRED) as (keyof typeof BARRED)[]),
  ...(Object.keys(MISDIRECTED) as (keyof typeof MISDIRECTED)[]),
  ...(['owner?', 'admin?'] as const),
];

/**
 * `team`: in the private channel that owns. `member`: in the workspace, and that is all. `owner?` and `admin?`: while
 * another owner is named and no admin has decided.
 */
export type PersonKind = (typeof PERSONS)[number];

/** Whose the keys are that they press about: Ana's, Ana's while another is named, or those of a private channel. */
export type Whose = 'anas' | 'inDoubt' | 'teams';

export interface Presser {
  slackId: string;
  keys: Whose;
  forge: Forgery;
}

export function gather({ slack: { workspace }, organisation }: Sandbox): Record<PersonKind, Presser> {
  const { ana, ben, dan, sam } = organisation.people;
  const by = (slackId: string, keys: Whose = 'anas', forge: Forgery = {}) => ({ slackId, keys, forge });
  const barred = mapped(BARRED, (change, name) => addMember(workspace, { name, ...change }).id);
  addUsergroup(workspace, { id: ADMIN_GROUP, handle: 'admins', users: Object.values(barred) });
  workspace.channels.get(organisation.teamChannel)?.members.push(...Object.values(barred));
  return {
    ...{ owner: by(ana), team: by(ben, 'teams'), admin: by(sam), member: by(dan) },
    ...{ 'owner?': by(ana, 'inDoubt'), 'admin?': by(sam, 'inDoubt') },
    ...mapped(barred, (slackId) => by(slackId, 'teams')),
    ...mapped(MISDIRECTED, (forge) => by(ana, 'anas', forge)),
  };
}

function mapped<Name extends string, From, To>(
  all: Record<Name, From>,
  map: (one: From, name: Name) => To,
): Record<Name, To> {
  const entries = Object.entries<From>(all).map(([name, one]) => [name, map(one, name as Name)]);
  return Object.fromEntries(entries);
}
