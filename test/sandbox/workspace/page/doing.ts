// How the page asks for something to be done, and what it is told.
import type { Act } from '../acts.ts';
import type { Outcome } from '../desk.ts';

/** Does it, and shows what is said to the person. */
export type Doing = (act: Act) => Promise<Outcome>;

export interface Said extends Outcome {
  at: number;
  /** Beside what it is shown. */
  beside: 'slack' | 'aws';
}

export async function sendAct(act: Act): Promise<Outcome> {
  try {
    const answer = await fetch('do', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
    });
    return answer.ok ? await answer.json() : { ok: false, said: await answer.text() };
  } catch {
    return { ok: false, said: 'The workspace does not answer. Is npm start still running?' };
  }
}
