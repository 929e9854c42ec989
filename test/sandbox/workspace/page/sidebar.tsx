// Who one is, and the conversations that person has.
import type { Conversation, Screen } from '../screen.ts';
import { IN_MESSAGES, type Show } from './address.ts';
import { KeyIcon, LockIcon } from './icons.tsx';

interface Given {
  screen: Screen;
  conversation: Conversation;
  show: Show;
}

export function Sidebar({ screen, conversation, show }: Given) {
  const { person, people, conversations } = screen;
  return (
    <div class="sidebar">
      <nav aria-label="People">
        <h2>You are</h2>
        <ul>
          {people.map(({ id, name, role, unread }) => (
            <li key={id}>
              <button
                type="button"
                aria-pressed={id === person.id}
                class={unread > 0 ? 'unread' : ''}
                onClick={() => show({ ...IN_MESSAGES, person: id, channel: '' })}
              >
                <Face name={name} />
                <span class="grow">
                  {name} <small>{role}</small>
                </span>
                <Count unread={unread} />
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <nav aria-label="Conversations">
        <h2>{screen.team}</h2>
        <ul>
          {conversations.map(({ id, name, kind, unread }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={id === conversation.id}
                class={unread > 0 ? 'unread' : ''}
                onClick={() => show({ ...IN_MESSAGES, person: person.id, channel: id })}
              >
                <Kind kind={kind} />
                <span class="grow">{name}</span>
                <Count unread={unread} />
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function Count({ unread }: { unread: number }) {
  return unread > 0 ? (
    <span class="count">
      {unread}
      <span class="hidden"> unread</span>
    </span>
  ) : null;
}

export function Face({ name }: { name: string }) {
  const letters = name
    .split(' ')
    .map(([first]) => first)
    .join('')
    .slice(0, 2);
  const hue = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  return (
    <span aria-hidden="true" class={`face hue-${hue}`}>
      {letters}
    </span>
  );
}

function Kind({ kind }: Pick<Conversation, 'kind'>) {
  return <span class="kind">{kind === 'dm' ? <KeyIcon /> : kind === 'private' ? <LockIcon /> : '#'}</span>;
}
