// Slack's libraries log whole payloads: of what they say, only that they said it gets through.
import { expect, it } from 'vitest';
import { quietLogger } from '../../../../src/adapters/slack/quiet-logger.ts';
import type { LogFacts } from '../../../../src/usecases/ports.ts';

it('lets warnings and errors through as events without a word of theirs, and nothing below', () => {
  const logged: [string, LogFacts | undefined][] = [];
  const at = (level: string) => (event: string, facts?: LogFacts) => {
    logged.push([`${level} ${event}`, facts]);
  };
  const logger = quietLogger({ info: at('info'), warn: at('warn'), error: at('error') });
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    logger[level]('AWS event: canary', { token: 'canary' });
  logger.setName('canary');
  expect(logged).toEqual([
    ['warn slack.libraryWarned', undefined],
    ['error slack.libraryFailed', undefined],
  ]);
});

it('cannot be made to say more', () => {
  const logger = quietLogger({ info: () => undefined, warn: () => undefined, error: () => undefined });
  const before = logger.getLevel();
  logger.setLevel('debug' as never);
  expect(logger.getLevel()).toBe(before);
});
