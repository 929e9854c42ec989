// Ways to tell one person something and nobody else, tried in turn: an answer nobody gets is worse than one twice.
import type { WebClient } from '@slack/web-api';
import { OutsideError } from '../../usecases/errors.ts';
import type { SlackPlace } from '../../usecases/jobs.ts';
import type { Asker } from '../../usecases/ports.ts';
import type { Content } from './blocks/parts.ts';
import { isResponseUrl, respond } from './response-url.ts';
import { asking } from './slack-error.ts';

type Way = () => Promise<unknown>;

export interface PrivateAnswers {
  /** To the person who pressed or typed, at the latest in their direct conversation. */
  toPerson(asker: Asker, content: Content): Promise<void>;
}

export function privateAnswers(client: WebClient, responseUrlBase: string): PrivateAnswers {
  const viaUrl = ({ responseUrl: url }: SlackPlace, content: Content): Way[] =>
    isResponseUrl(url, responseUrlBase) ? [() => respond(url, content)] : [];

  const message = (channel: string, content: Content): Way => {
    return () => asking('chat.postMessage', client.chat.postMessage({ channel, ...content }));
  };

  const ephemeral = (channel: string, user: string, content: Content): Way[] =>
    channel === ''
      ? []
      : [() => asking('chat.postEphemeral', client.chat.postEphemeral({ channel, user, ...content }))];

  return {
    toPerson: ({ kind, place, personId }, content) =>
      firstThatWorks([
        // A command may be typed, and its answer's buttons pressed, in a channel that the bot is not in.
        ...(kind === 'click' ? [] : viaUrl(place, content)),
        ...ephemeral(place.channel, personId, content),
        message(personId, content),
      ]),
  };
}

async function firstThatWorks(ways: readonly Way[]): Promise<void> {
  let failure = new OutsideError('refused', 'answer', 'nowhere_to_answer');
  for (const way of ways) {
    try {
      await way();
      return;
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      failure = error;
    }
  }
  throw failure;
}
