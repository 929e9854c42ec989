// Where one writes: commands, IAM users, people and channels are completed, and sent as Slack sends them.
import { useId, useState } from 'preact/hooks';
import type { Conversation, Screen } from '../screen.ts';
import type { Doing } from './doing.ts';
import { asSlackSends } from './references.ts';

interface Given {
  screen: Screen;
  conversation: Conversation;
  doing: Doing;
  /** The message under which this is a reply. */
  thread?: string;
}

export function Composer({ screen, conversation, doing, thread }: Given) {
  const [text, setText] = useState('');
  const [past, setPast] = useState<string[]>([]);
  const [at, setAt] = useState(-1);
  const [isClosed, setClosed] = useState(false);
  const list = useId();
  const offered = isClosed ? [] : completionsOf(text, screen);
  const write = (next: string) => {
    setText(next);
    setAt(-1);
    setClosed(false);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const typed = text.trim();
    if (typed === '') return;
    setPast([text, ...past]);
    write('');
    await doing({
      ...{ kind: 'type', person: screen.person.id, channel: conversation.id },
      text: asSlackSends(typed, screen),
      ...(thread !== undefined && { thread }),
    });
  };
  /** Whether the key was meant for the completions. */
  const completes = (key: string): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    const chosen = offered[Math.max(at, 0)];
    if (!chosen) return false;
    if (step) setAt((at + step + offered.length) % offered.length);
    else if (key === 'Escape') setClosed(true);
    else if (key === 'Tab' || (key === 'Enter' && (at >= 0 || chosen.isName))) write(chosen.text);
    else return false;
    return true;
  };
  const pressed = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    if (shiftKey || event.isComposing) return;
    if (completes(key)) event.preventDefault();
    else if (key === 'Enter') void send(event);
    else if (key === 'ArrowUp' && text === '' && past[0]) {
      event.preventDefault();
      write(past[0]);
    }
  };
  const label = thread === undefined ? `Message ${conversation.name}` : 'Reply';
  return (
    <form class="composer" onSubmit={send}>
      {offered.length > 0 && (
        <div class="completions" id={list} role="listbox" aria-label="Completions">
          {offered.map(({ text: whole, shown, what }, nth) => (
            <div
              key={whole}
              id={`${list}-${nth}`}
              role="option"
              tabIndex={-1}
              aria-selected={nth === at}
              onPointerDown={(event) => {
                event.preventDefault();
                write(whole);
              }}
            >
              {shown} <small>{what}</small>
            </div>
          ))}
        </div>
      )}
      <textarea
        rows={1}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? list : undefined}
        aria-activedescendant={at >= 0 && offered.length > 0 ? `${list}-${at}` : undefined}
        placeholder={thread === undefined ? `${label}, or /keyrotate` : label}
        value={text}
        autoComplete="off"
        onInput={({ currentTarget }) => write(currentTarget.value)}
        onKeyDown={pressed}
        onBlur={() => setClosed(true)}
      />
      <button type="submit" class="press primary">
        Send
      </button>
    </form>
  );
}

interface Completion {
  /** What the whole text would be. */
  text: string;
  shown: string;
  what: string;
  /** Chosen with Enter, too: nobody means to send a half-written name. */
  isName: boolean;
}

const COMMANDS: [name: string, what: string][] = [
  ['status', 'your keys'],
  ['list', 'what you own'],
  ['rotate', 'an IAM user’s key now'],
  ['history', 'of an IAM user'],
  ['how', 'to put a new key in place'],
  ['help', ''],
];
const ADMINS_COMMANDS: [name: string, what: string][] = [
  ['show', 'what an owner sees'],
  ['assign', 'an IAM user to somebody'],
  ['unassign', 'an IAM user'],
  ['owners', 'to many IAM users at once'],
  ['summary', 'how all accounts stand'],
  ['sweep', 'now'],
  ['check', 'how keyrotate is'],
  ['redrive', 'what was given up'],
];
const OF_A_USER = /^\/keyrotate +(?:rotate|history|how|show|assign|unassign) +(\S*)$/;
const MOST = 8;

function completionsOf(text: string, screen: Screen): Completion[] {
  const isAdmin = screen.person.isAdmin;
  const [, sign, name] = /(?:^|\s)([@#])([^\s@#]*)$/.exec(text) ?? [];
  const [, user] = OF_A_USER.exec(text) ?? [];
  const before = (written: string) => text.slice(0, text.length - written.length);
  let found: Completion[] = [];
  if (sign === '@')
    found = screen.people
      .filter((one) => [one.handle, ...one.name.split(' ')].some((part) => startsWith(part, name)))
      .map((one) => ({
        ...{ text: `${before(`@${name}`)}@${one.name} `, shown: `@${one.name}`, what: one.role },
        isName: true,
      }));
  else if (sign === '#')
    found = screen.conversations
      .filter((one) => one.kind !== 'dm' && startsWith(one.name, name))
      .map((one) => ({
        ...{ text: `${before(`#${name}`)}#${one.name} `, shown: `#${one.name}`, what: '' },
        isName: true,
      }));
  else if (user !== undefined)
    found = screen.users
      .filter((one) => (isAdmin || one.isMine) && startsWith(one.name, user))
      .map((one) => ({ text: before(user) + one.name, shown: one.name, what: 'IAM user', isName: false }));
  else if (text.startsWith('/'))
    found = [...COMMANDS, ...(isAdmin ? ADMINS_COMMANDS : [])]
      .map(([command, what]) => ({ text: `/keyrotate ${command}`, shown: `/keyrotate ${command}`, what }))
      .filter((one) => startsWith(one.text, text))
      .map((one) => ({ ...one, isName: false }));
  return found.filter((one) => one.text.trim() !== text.trim()).slice(0, MOST);
}

function startsWith(whole: string, part = ''): boolean {
  return whole.toLowerCase().startsWith(part.toLowerCase());
}
