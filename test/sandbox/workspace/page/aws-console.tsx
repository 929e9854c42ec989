// The AWS side: users and their keys, the vault, the queues, and every call that travels.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDate } from '../../servers/slack/date-tokens.ts';
import type { AwsUser, LoggedCall, Screen, ShownQueue } from '../screen.ts';
import type { Doing } from './doing.ts';
import { Mrkdwn, readerOf } from './rich-text.tsx';

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
  alarms: 'Alarms',
} as const;
type Tab = keyof typeof TABS;

export function AwsConsole({ screen, doing, children }: Given & { children: ComponentChildren }) {
  const [tab, setTab] = useState<Tab>('users');
  const marked: Partial<Record<Tab, number>> = {
    queues: screen.queues.reduce((sum, { isForDead, jobs }) => sum + (isForDead ? jobs : 0), 0),
    alarms: screen.alarms.filter(({ isRinging }) => isRinging).length,
  };
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
              {(marked[name as Tab] ?? 0) > 0 && (
                <span class="count bad">
                  {marked[name as Tab]}
                  <span class="hidden">{name === 'alarms' ? ' ringing' : ' given up'}</span>
                </span>
              )}
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
        {tab === 'alarms' && <Alarms screen={screen} />}
      </section>
      <div class="foot">{children}</div>
    </aside>
  );
}

/** More than can be looked over are to be searched. */
const MANY = 20;

function Users({ screen, doing }: Given) {
  const [part, setPart] = useState('');
  const found = screen.users.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
  return (
    <>
      {screen.users.length > MANY && (
        <input
          type="search"
          aria-label="Find an IAM user in AWS"
          placeholder={`Find one of ${screen.users.length} IAM users`}
          value={part}
          onInput={({ currentTarget }) => setPart(currentTarget.value)}
        />
      )}
      <ul class="users">
        {found.map((user) => (
          <User key={user.name} user={user} screen={screen} doing={doing} />
        ))}
      </ul>
    </>
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
                title="An application calls AWS with this key"
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
            <small>
              {readers.length > 0
                ? `May be read by: ${readers.join(', ')}. Everybody else is refused, admins too.`
                : 'Has no policy of its own: it may be read by whoever has a right to it.'}
            </small>
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
  const [dead, alive] = [true, false].map((isForDead) =>
    screen.queues.filter((queue) => queue.isForDead === isForDead),
  );
  return (
    <>
      <h3>Jobs that wait, or are tried again</h3>
      <QueueList queues={alive ?? []} screen={screen} />
      <h3>Dead letters: what was given up</h3>
      <p class="dim">
        Once the cause is mended, an admin types <code>/keyrotate redrive</code>: nothing is lost.
      </p>
      <QueueList queues={dead ?? []} screen={screen} />
    </>
  );
}

function QueueList({ queues, screen }: { queues: ShownQueue[]; screen: Screen }) {
  return (
    <ul class="users">
      {queues.map(({ name, jobs, shown }) => (
        <li key={name}>
          <p class="user">
            {jobs > 0 ? <b>{name}</b> : name} <small>{jobs === 0 ? 'empty' : jobs}</small>
          </p>
          <ol class="calls">
            {shown.map(({ id, sentAt, tries, body }) => (
              <li key={id}>
                <details>
                  <summary class="call">
                    {kindOfJob(body)}{' '}
                    <small>
                      since {ago(sentAt, screen)}, {tries === 1 ? 'tried once' : `tried ${tries} times`}
                    </small>
                  </summary>
                  <pre class="raw">{pretty(body)}</pre>
                </details>
              </li>
            ))}
          </ol>
          {jobs > shown.length && <p class="dim">… and {jobs - shown.length} more</p>}
        </li>
      ))}
    </ul>
  );
}

/** What somebody did in Slack is queued as Slack signed it, so that nothing else says what it is. */
function kindOfJob(body: string): string {
  const { kind, task } = JSON.parse(body) as { kind?: string; task?: string };
  return kind ?? task ?? 'a request of Slack’s';
}

function Alarms({ screen }: { screen: Screen }) {
  const ringing = screen.alarms.filter(({ isRinging }) => isRinging);
  const silent = screen.alarms.filter(({ isRinging }) => !isRinging);
  return (
    <>
      <h3>{ringing.length === 0 ? 'No alarm rings' : 'Ringing now'}</h3>
      {ringing.length === 0 && (
        <p class="dim">
          Each is worked out from what the functions, the queues and the API have done here. Choose some
          Trouble, press something, and let an hour pass.
        </p>
      )}
      <ul class="users">
        {ringing.map(({ name, description, reasons, toDo }) => (
          <li key={name}>
            <p class="user error">
              <b>{name}</b>
            </p>
            <p>{description}</p>
            {reasons.map((reason) => (
              <p key={reason} class="dim">
                {reason}
              </p>
            ))}
            <details>
              <summary class="call">What to do</summary>
              <Mrkdwn text={mrkdwnOf(toDo)} reader={readerOf(screen)} />
            </details>
          </li>
        ))}
      </ul>
      <details>
        <summary class="call">{silent.length} silent</summary>
        <ul class="users">
          {silent.map(({ name, description }) => (
            <li key={name}>
              {name} <small>{description}</small>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** As much of Markdown as the runbook's entries have. */
function mrkdwnOf(markdown: string): string {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, '*$1*')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/^- /gm, '• ');
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
