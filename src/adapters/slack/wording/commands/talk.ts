// What keyrotate answers to people who write to it in their own words.
import type { TalkedOf } from '../../../../usecases/jobs.ts';
import { MOVE_WORDS } from '../shared/moves.ts';
import { count } from '../shared/names.ts';
import { type AskFacts, ask } from '../shared/whom-to-ask.ts';
import { typed } from './commands.ts';

/** `open`: how many rotations wait for them. */
export function talkWords(about: TalkedOf, open: number, facts: AskFacts): string {
  if (about === 'secret')
    return `That looks like a secret access key. Please delete your message, and replace that key now: ${typed('rotate')} does it. I never ask for a secret.`;
  if (about === 'anything')
    return 'I look after AWS access keys: I write to you when one of yours grows too old, and do each step in AWS when you press a button.';
  return open === 0
    ? `I am not asking you about any access key now. If I know you as the owner of one that is not yours, ${ask(facts)} to name another.`
    : `If an access key is not yours, press *${MOVE_WORDS.notMine.label}* beside it, and say whose it is if you know. An admin then finds its owner.`;
}

export function openWords(about: TalkedOf, open: number): string {
  return open === 0
    ? 'Nothing is waiting for you.'
    : `*${count(open, 'access key')} of yours ${open === 1 ? 'waits' : 'wait'} for you.*${about === 'notMine' ? '' : OPEN}`;
}

const OPEN = ' *Open* brings the message with the buttons here.';

export function whomToAsk(facts: AskFacts): string {
  return `Write \`help\` to see what else I understand. For anything else, ${ask(facts)}: nobody but me reads this.`;
}
