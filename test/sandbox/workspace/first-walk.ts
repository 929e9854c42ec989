// The first walk through one rotation: the step that can be taken now, told to whoever plays Ana.
import { buttons, cards, isAbout, keysOf, recordOf, waiting } from '../play/play.ts';
import type { Sandbox } from '../sandbox.ts';

export interface Hint {
  step: number;
  of: number;
  words: string;
}

const USER = 'ci-deploy';
const LAST = 6;

/** What was done with the new key, whose end is told, before anybody says that it is everywhere. */
interface NewKey {
  end: string;
  isFetched: boolean;
  isUsed: boolean;
}

/** What a button on the card leads to, the first that is there. */
const STEPS: { button: RegExp; step: number; words: (label: string, key: NewKey) => string }[] = [
  {
    ...{ button: /^Create new key$/, step: 1 },
    words: () =>
      'You are Ana, and ci-deploy is yours. Press “Create new key”: nothing breaks, both keys work.',
  },
  {
    ...{ button: /^Remove …/, step: 1 },
    words: (label) => `The secret of a new key was lost on the way. Press “${label}”, then create another.`,
  },
  {
    ...{ button: /^I replaced it everywhere$/, step: 2 },
    words: (label, { end, isFetched, isUsed }) => {
      if (isUsed) return `The new key is used. Press “${label}”.`;
      return isFetched
        ? `You have the new key. Under AWS, press “Use” beside ${end}: an application calls with it.`
        : 'The new key lies in the vault. Under AWS, press “Fetch the new key”: it does what the command in the message does.';
    },
  },
  {
    ...{ button: /^Keep it on$/, step: 4 },
    words: (label) => `Let time pass until the old key is off: nothing more to do. “${label}” takes it back.`,
  },
  {
    ...{ button: /^Turn it off when quiet$/, step: 4 },
    words: (label) => `Press “${label}”, and let time pass: keyrotate turns the old key off then.`,
  },
  {
    ...{ button: /^Delete for good/, step: 5 },
    words: (label) => `The old key has been off for a week. Press “${label}”: only this cannot be undone.`,
  },
  {
    ...{ button: /^Turn it back on$/, step: 5 },
    words: (label) =>
      `The old key is off, and “${label}” takes that back. Let 7 days pass; then it can be deleted.`,
  },
];
const WAITING =
  'keyrotate waits for an answer, and tries again by itself. End any trouble, and let an hour pass.';
const OVER = 'That was all of it. Look at it as Sam, who runs it, or choose another scene.';

/** undefined for everybody but her, and where the story has taken another way. */
export async function hintFor(sandbox: Sandbox, person: string): Promise<Hint | undefined> {
  if (person !== sandbox.organisation.people.ana) return undefined;
  const { current, closed } = await recordOf(sandbox, USER);
  const { rotation, claim } = current ?? {};
  if (!rotation || rotation.closedAt !== undefined)
    return rotation || closed.length > 0 ? { step: LAST, of: LAST, words: OVER } : undefined;
  const labels = cards(sandbox, person)
    .filter((message) => isAbout(message, USER))
    .flatMap(buttons);
  const [oldKey, newKey] = keysOf(sandbox, USER);
  const isUsed = newKey?.lastUsed !== undefined;
  const isFetched = oldKey?.lastUsed?.service === 'secretsmanager';
  const found = STEPS.find(({ button }) => labels.some((label) => button.test(label)));
  const label = labels.find((one) => found?.button.test(one)) ?? '';
  const { step = 1, words } = found ?? {};
  const at = step === 2 && isUsed ? 3 : step;
  if (claim || waiting(sandbox) > 0) return { step: at, of: LAST, words: WAITING };
  return (
    words && {
      step: at,
      of: LAST,
      words: words(label, { end: `…${newKey?.id.slice(-4)}`, isFetched, isUsed }),
    }
  );
}
