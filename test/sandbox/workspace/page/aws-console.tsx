// The AWS side: users and their keys, the vault, the queues, and every call that travels.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatDate } from '../../servers/slack/date-tokens.ts';
import type { AwsUser, LoggedCall, Screen, ShownQueue } from '../screen.ts';
import { addressOf, type Show, TABS, type View } from './address.ts';
import type { Doing } from './doing.ts';
import { Mrkdwn, readerOf } from './rich-text.tsx';

interface Given {
  screen: Screen;
  doing: Doing;
}

type Tab = View['tab'];

interface Console extends Given {
  view: View;
  show: Show;
  children: ComponentChildren;
}

export function AwsConsole({ screen, doing, view, show, children }: Console) {
  const { tab } = view;
  const marked: Partial<Record<Tab, number>> = {
    queues: screen.queues.reduce((sum, { isForDead, jobs }) => sum + (isForDead ? jobs : 0), 0),
    alarms: screen.alarms.filter(({ isRinging }) => isRinging).length,
  };
  return (
    <section class="aws" aria-label="AWS console">
      <div class="aws-head">
        <h2>
          AWS{' '}
          <small>
            {screen.account} · {screen.region}
          </small>
        </h2>
        <fieldset class="group" aria-label="Services">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={tab === name}
              onClick={() => show({ tab: name, find: '' })}
            >
              {TABS[name]}
              {(marked[name] ?? 0) > 0 && (
                <span class="count bad">
                  {marked[name]}
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
        {tab === 'table' && <Table screen={screen} view={view} />}
        {tab === 'calls' && <Calls key={view.find} screen={screen} find={view.find} />}
        {tab === 'queues' && <Queues screen={screen} />}
        {tab === 'alarms' && <Alarms screen={screen} />}
      </section>
      <div class="foot">{children}</div>
    </section>
  );
}

/** More than can be looked over are to be searched. */
const MANY = 20;

function Users({ screen, doing }: Given) {
  const [part, setPart] = useState('');
  const found = screen.users.filter(({ name, tags, keys }) =>
    [name, ...Object.values(tags), ...keys.map(({ id }) => id)].some((one) =>
      one.toLowerCase().includes(part.trim().toLowerCase()),
    ),
  );
  return (
    <>
      {screen.users.length > MANY && (
        <input
          type="search"
          aria-label="Find an IAM user in AWS"
          placeholder={`Find one of ${screen.users.length} by name, tag or key`}
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
                  aria-label={`Fetch the new key with ${end}`}
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
function Table({ screen, view }: { screen: Screen; view: View }) {
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
  const toCall = (requestId: string) =>
    addressOf({ ...view, part: 'aws', tab: 'calls', find: requestId }, screen.scene);
  return (
    <>
      <History screen={screen} />
      <ol class="calls">
        {sorted.map((item) => (
          <li key={`${item.pk} ${item.sk}`}>
            <details>
              <summary class="call">
                {String(item.pk)} <small>{String(item.sk)}</small>
              </summary>
              <pre class="raw">
                <WithLinks text={JSON.stringify(item, undefined, 2)} toCall={toCall} />
              </pre>
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The ids that AWS gave to calls lead to them. */
function WithLinks({ text, toCall }: { text: string; toCall: (requestId: string) => string }) {
  const lists = [...text.matchAll(/"awsRequestIds": \[([^\]]*)\]/g)];
  const ids = new Set(lists.flatMap(([, list = '']) => list.match(/[\w-]{20,}/g) ?? []));
  return (
    <>
      {text.split(/"([\w-]{20,})"/).map((part, nth) =>
        nth % 2 === 0 ? (
          part
        ) : ids.has(part) ? (
          <>
            "<a href={toCall(part)}>{part}</a>"
          </>
        ) : (
          `"${part}"`
        ),
      )}
    </>
  );
}

/** What `npm run history` makes of it. */
function History({ screen }: { screen: Screen }) {
  const [command, setCommand] = useState('');
  const read = () =>
    void fetch('history.sh')
      .then((answer) => answer.text())
      .then(setCommand);
  return (
    <section aria-label="History">
      <p>
        <code>npm run history</code> makes of it, for an auditor:{' '}
        <a href="history.csv" download="keyrotate-history.csv">
          history as CSV
        </a>
        ,{' '}
        <a href="history.jsonl" download="keyrotate-history.jsonl">
          history as JSON lines
        </a>
      </p>
      <details onToggle={read}>
        <summary class="call">Or run it in a terminal</summary>
        {command !== '' && <Mrkdwn text={`\`\`\`${command}\`\`\``} reader={readerOf(screen)} />}
      </details>
    </section>
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

function Calls({ screen, find }: { screen: Screen; find: string }) {
  const [showsAll, setShowsAll] = useState(false);
  const [part, setPart] = useState(find);
  const sought = part.trim();
  const [found, setFound] = useState<LoggedCall[]>();
  useEffect(() => {
    let isSought = true;
    if (sought !== '')
      void fetch(`calls?find=${encodeURIComponent(sought)}`)
        .then((answer) => answer.json())
        .then((fit) => isSought && setFound(fit));
    return () => {
      isSought = false;
    };
  }, [sought, screen]);
  const latest = screen.calls.filter(({ title }) => showsAll || !QUIET.test(title));
  const shown = (sought === '' ? latest : (found ?? [])).toReversed();
  return (
    <>
      <input
        type="search"
        aria-label="Find a call"
        placeholder="Find a call: an action, or an AWS request id"
        value={part}
        onInput={({ currentTarget }) => setPart(currentTarget.value)}
      />
      {sought === '' && (
        <label class="all">
          <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} /> the table’s and
          the queues’ as well
        </label>
      )}
      {sought !== '' && found?.length === 0 && (
        <p class="empty">No call fits. Those before this start of the workspace are forgotten.</p>
      )}
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
  const { id, direction, title, status, at, requestId } = call;
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
          <span class="arrow">{direction}</span> {title}{' '}
          <span class={isBad ? 'error' : 'dim'}>{status ?? 'no answer'}</span>{' '}
          <small>{formatDate('{time}', at / 1000, { tz: screen.person.tz, now: screen.now })}</small>
        </summary>
        {both && (
          <>
            {requestId && <p class="dim">AWS request {requestId}</p>}
            <pre class="raw">{pretty(both.request)}</pre>
            <pre class="raw">{pretty(both.answer)}</pre>
          </>
        )}
      </details>
    </li>
  );
}

/** A form's fields each on a line of its own, as they were before they were encoded; JSON indented, also in a field. */
function pretty(text: string): string {
  const json = indented(text);
  if (json !== undefined || !/^[\w.%-]+=\S*$/.test(text)) return json ?? text;
  return [...new URLSearchParams(text)]
    .map(([name, value]) => `${name}: ${indented(value) ?? value}`)
    .join('\n');
}

/** undefined where it is no object, and no list. */
function indented(text: string): string | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

function ageOf(createdAt: number, now: number): string {
  const days = Math.floor((now - createdAt) / 86_400_000);
  return days === 0 ? 'new' : `${days} day${days === 1 ? '' : 's'} old`;
}

function ago(at: number, { person, now }: Screen): string {
  return formatDate('{ago}', at / 1000, { tz: person.tz, now });
}
