// The AWS side: users and their keys, the vault, the queues, and every call that travels.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDate } from '../../servers/slack/date-tokens.ts';
import type { AwsUser, LoggedCall, Screen } from '../screen.ts';
import type { Doing } from './doing.ts';

interface Given {
  screen: Screen;
  doing: Doing;
}

const TABS = {
  users: 'IAM users',
  vault: 'Vault',
  table: 'Table',
  calls: 'Calls',
  queues: 'Queues',
} as const;
type Tab = keyof typeof TABS;

export function AwsConsole({ screen, doing, children }: Given & { children: ComponentChildren }) {
  const [tab, setTab] = useState<Tab>('users');
  return (
    <aside class="aws" aria-label="AWS console">
      <div class="aws-head">
        <h2>
          AWS{' '}
          <small>
            {screen.account} · {screen.region}
          </small>
        </h2>
        <fieldset class="group" aria-label="Services">
          {Object.entries(TABS).map(([name, label]) => (
            <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name as Tab)}>
              {label}
            </button>
          ))}
        </fieldset>
      </div>
      <section class="aws-body" tabIndex={-1} aria-label={TABS[tab]}>
        {tab === 'users' && <Users screen={screen} doing={doing} />}
        {tab === 'vault' && <Vault screen={screen} />}
        {tab === 'table' && <Table screen={screen} />}
        {tab === 'calls' && <Calls screen={screen} />}
        {tab === 'queues' && <Queues screen={screen} />}
      </section>
      <div class="foot">{children}</div>
    </aside>
  );
}

function Users({ screen, doing }: Given) {
  return (
    <ul class="users">
      {screen.users.map((user) => (
        <User key={user.name} user={user} screen={screen} doing={doing} />
      ))}
    </ul>
  );
}

function User({ user, screen, doing }: Given & { user: AwsUser }) {
  const { name, keys, tags } = user;
  const isStored = keys.some((key) => key.isStored);
  return (
    <li tabIndex={-1}>
      <p class="user">
        <b>{name}</b>{' '}
        {Object.entries(tags).map(([key, value]) => (
          <small key={key}>
            {key} = {value}{' '}
          </small>
        ))}
      </p>
      <ul>
        {keys.map((key) => {
          const end = `…${key.id.slice(-4)}`;
          const act = (what: 'turnOff' | 'turnOn' | 'deleteKey') => () =>
            void doing({ kind: 'console', what, user: name, key: key.id });
          const isOn = key.status === 'Active';
          return (
            <li key={key.id} class={isOn ? 'key' : 'key off'}>
              <span class="grow">
                <code title={key.id}>{end}</code> {isOn ? 'on' : 'off'} · {ageOf(key.createdAt, screen.now)} ·{' '}
                {key.lastUsed
                  ? `used ${ago(key.lastUsed.at, screen)} (${key.lastUsed.service})`
                  : 'never used'}
              </span>
              {isStored && !key.isStored && isOn && (
                <button
                  type="button"
                  aria-label={`Fetch the secret with ${end}`}
                  onClick={() => void doing({ kind: 'fetch', user: name, key: key.id })}
                >
                  Fetch the new key
                </button>
              )}
              <button
                type="button"
                aria-label={`Use ${end}`}
                onClick={() => void doing({ kind: 'use', key: key.id, service: 's3' })}
              >
                Use
              </button>
              <details class="more">
                <summary aria-label={`More for ${end}`}>⋯</summary>
                <div class="menu">
                  {isOn ? (
                    <button type="button" onClick={act('turnOff')}>
                      Turn off
                    </button>
                  ) : (
                    <button type="button" onClick={act('turnOn')}>
                      Turn on
                    </button>
                  )}
                  <button type="button" onClick={act('deleteKey')}>
                    Delete
                  </button>
                </div>
              </details>
            </li>
          );
        })}
      </ul>
      <details class="more plain">
        <summary>Change {name}</summary>
        <div class="menu">
          <button
            type="button"
            onClick={() => void doing({ kind: 'console', what: 'createKey', user: name })}
          >
            Create a key
          </button>
          <Tag user={name} doing={doing} />
          <button
            type="button"
            onClick={() => void doing({ kind: 'console', what: 'deleteUser', user: name })}
          >
            Delete the user
          </button>
        </div>
      </details>
    </li>
  );
}

function Tag({ user, doing }: { user: string; doing: Doing }) {
  const [value, setValue] = useState('');
  return (
    <form
      class="tag"
      onSubmit={(event) => {
        event.preventDefault();
        void doing({ kind: 'console', what: 'tag', user, tag: 'keyrotate:owner', value });
      }}
    >
      <label>
        keyrotate:owner <input value={value} onInput={({ currentTarget }) => setValue(currentTarget.value)} />
      </label>
      <button type="submit">Tag</button>
    </form>
  );
}

function Vault({ screen }: { screen: Screen }) {
  if (screen.secrets.length === 0)
    return <p class="empty">No secret yet. One is made with the first new key.</p>;
  return (
    <ul class="users">
      {screen.secrets.map(({ name, readers, versions, goneAt }) => (
        <li key={name}>
          <p class="user">
            <b>{name}</b>
          </p>
          <p>
            <small>May be read by: {readers.join(', ') || 'see Slack’s own access'}</small>
          </p>
          {goneAt !== undefined && <p class="error">Gone for good {ago(goneAt, screen)}</p>}
          <ul>
            {versions.map(({ id, labels, createdAt }) => (
              <li key={id} class="key">
                <code>{id.slice(0, 8)}</code> {labels.join(', ')} · {ago(createdAt, screen)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** What keyrotate remembers: read anew whenever anything has changed. */
function Table({ screen }: { screen: Screen }) {
  const [items, setItems] = useState<Record<string, unknown>[]>([]);
  useEffect(() => {
    let isShown = true;
    void fetch('items')
      .then((answer) => answer.json())
      .then((read) => isShown && setItems(read));
    return () => {
      isShown = false;
    };
  }, [screen]);
  const sorted = items.toSorted((a, b) => `${a.pk} ${a.sk}`.localeCompare(`${b.pk} ${b.sk}`));
  return (
    <ol class="calls">
      {sorted.map((item) => (
        <li key={`${item.pk} ${item.sk}`}>
          <details>
            <summary class="call">
              {String(item.pk)} <small>{String(item.sk)}</small>
            </summary>
            <pre class="raw">{JSON.stringify(item, undefined, 2)}</pre>
          </details>
        </li>
      ))}
    </ol>
  );
}

function Queues({ screen }: { screen: Screen }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Queue</th>
          <th>Messages</th>
        </tr>
      </thead>
      <tbody>
        {screen.queues.map(({ name, messages }) => (
          <tr key={name}>
            <td>{name}</td>
            <td>{messages}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const QUIET =
  /ReceiveMessage|DeleteMessage|GetQueueAttributes|SendMessage|GetItem|Query|PutItem|UpdateItem|DeleteItem|BatchGet|BatchWrite/;

function Calls({ screen }: { screen: Screen }) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = screen.calls.filter(({ title }) => showsAll || !QUIET.test(title)).toReversed();
  return (
    <>
      <label class="all">
        <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} /> the table’s and
        the queues’ as well
      </label>
      <ol class="calls">
        {shown.map((call) => (
          <OneCall key={call.id} call={call} screen={screen} />
        ))}
      </ol>
    </>
  );
}

function OneCall({ call, screen }: { call: LoggedCall; screen: Screen }) {
  const [both, setBoth] = useState<{ request: string; answer: string }>();
  const { id, direction, title, status, at } = call;
  const isBad = status === undefined || status >= 400;
  const open = async (event: { currentTarget: HTMLDetailsElement }) => {
    if (!event.currentTarget.open || both) return;
    const answer = await fetch(`call?id=${id}`);
    setBoth(answer.ok ? await answer.json() : { request: await answer.text(), answer: '' });
  };
  return (
    <li>
      <details onToggle={open}>
        <summary class="call">
          <span class={`arrow ${direction.split(' ')[1]?.toLowerCase()}`}>{direction}</span> {title}{' '}
          <span class={isBad ? 'error' : 'dim'}>{status ?? 'no answer'}</span>{' '}
          <small>{formatDate('{time}', at / 1000, { tz: screen.person.tz, now: screen.now })}</small>
        </summary>
        {both && (
          <>
            <pre class="raw">{pretty(both.request)}</pre>
            <pre class="raw">{pretty(both.answer)}</pre>
          </>
        )}
      </details>
    </li>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text.replaceAll('&', '\n&');
  }
}

function ageOf(createdAt: number, now: number): string {
  const days = Math.floor((now - createdAt) / 86_400_000);
  return days === 0 ? 'new' : `${days} day${days === 1 ? '' : 's'} old`;
}

function ago(at: number, { person, now }: Screen): string {
  return formatDate('{ago}', at / 1000, { tz: person.tz, now });
}
