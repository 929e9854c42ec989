// The answer to somebody who wrote to keyrotate in their own words: one message, whatever it was.
import type { Instant } from '../../../domain/time.ts';
import type { Status } from '../../../usecases/commands/answers.ts';
import type { TalkedOf } from '../../../usecases/jobs.ts';
import { REST_OF_STATUS } from '../wording/commands/commands.ts';
import { openWords, talkWords, whomToAsk } from '../wording/commands/talk.ts';
import { type AccountName, andMore } from '../wording/shared/names.ts';
import type { AskFacts } from '../wording/shared/whom-to-ask.ts';
import { statusRows } from './notice.ts';
import { type Content, fitted, saying, section, smallPrint } from './parts.ts';

interface TalkFacts extends AskFacts {
  now: Instant;
  accountName: AccountName;
}

/** Their open rotations go with it, but not below a warning. */
export function buildTalk(about: TalkedOf, { lines }: Status, facts: TalkFacts): Content {
  const said = talkWords(about, lines.length, facts);
  if (about === 'secret') return saying(said);
  const rows = statusRows(lines, facts.now, facts.accountName, about === 'notMine');
  const foot = (rest: number) => smallPrint(andMore(rest, REST_OF_STATUS), whomToAsk(facts));
  return { text: said, blocks: fitted([section(said, openWords(about, lines.length))], rows, foot) };
}
