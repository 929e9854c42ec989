// Lets Slack's libraries log that something happened, and nothing of what: their messages may quote whole payloads.
import { type Logger, LogLevel } from '@slack/web-api';
import type { Log } from '../../usecases/ports.ts';

export function quietLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => log.warn('slack.libraryWarned'),
    error: () => log.error('slack.libraryFailed'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
