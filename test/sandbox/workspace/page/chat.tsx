// One conversation: its messages, what is said to the person alone, and the composer.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDate } from '../../servers/slack/date-tokens.ts';
import type { Conversation, Screen, ShownMessage } from '../screen.ts';
import type { Show } from './address.ts';
import { Composer } from './composer.tsx';
import type { Doing } from './doing.ts';
import { HomeTab, Tabs } from './home-tab.tsx';
import { KeyIcon, LockIcon } from './icons.tsx';
import { MessageBlocks } from './message-blocks.tsx';
import { flash, idOf, type Linked, linkTo } from './permalinks.ts';
import { Mrkdwn, readerOf } from './rich-text.tsx';
import { Face } from './sidebar.tsx';

interface Given {
  screen: Screen;
  conversation: Conversation;
  doing: Doing;
  /** What is said to the person. */
  children: ComponentChildren;
  isInHome: boolean;
  show: Show;
  /** The message that a link leads to: another object each time that it is followed. */
  linked: Linked | undefined;
}

export function Chat({ screen, conversation, doing, children, isInHome, show, linked }: Given) {
  const log = useRef<HTMLDivElement>(null);
  const { messages, name, kind, id } = conversation;
  const last = messages.at(-1)?.ts;
  useEffect(() => showNewest(log.current, last), [last, id, isInHome]);
  useEffect(() => {
    if (linked) flash(linked.ts);
  }, [linked]);
  return (
    <section class="chat" aria-label="Slack">
      <h2>
        {kind === 'dm' ? (
          name
        ) : kind === 'private' ? (
          <>
            <LockIcon /> {name}
          </>
        ) : (
          `# ${name}`
        )}
      </h2>
      {kind === 'dm' && <Tabs conversation={conversation} isInHome={isInHome} show={show} />}
      {isInHome ? (
        <HomeTab key={screen.person.id} screen={screen} doing={doing} />
      ) : (
        <div ref={log} class="messages" role="log" tabIndex={-1} aria-label={`Messages in ${name}`}>
          {messages.length === 0 && (
            <p class="empty">
              Nothing yet. Type <code>/keyrotate</code> below, or let time pass.
            </p>
          )}
          {messages
            .filter(({ thread }) => thread === undefined)
            .map((message) => (
              <WithThread
                key={message.ts}
                message={message}
                replies={messages.filter(({ thread }) => thread === message.ts)}
                {...{ screen, conversation, doing }}
              />
            ))}
        </div>
      )}
      <div class="foot">
        {children}
        {screen.hint && kind === 'dm' && <FirstWalk hint={screen.hint} />}
        {!isInHome && <Composer key={id} screen={screen} conversation={conversation} doing={doing} />}
      </div>
    </section>
  );
}

/** Its end, or where that is further down than one can see from its head, the head. */
function showNewest(log: HTMLElement | null, ts: string | undefined): void {
  if (!log) return;
  log.scrollTop = log.scrollHeight;
  const newest = ts === undefined ? null : document.getElementById(idOf(ts));
  if (newest && newest.getBoundingClientRect().top < log.getBoundingClientRect().top)
    newest.scrollIntoView({ block: 'start' });
}

type InConversation = Pick<Given, 'screen' | 'conversation' | 'doing'>;

/** keyrotate never posts in one, but anybody may write there, and it answers as it does elsewhere. */
function WithThread({
  message,
  replies,
  ...given
}: InConversation & { message: ShownMessage; replies: ShownMessage[] }) {
  const [isOpen, setOpen] = useState(false);
  const isThere = isOpen || replies.length > 0;
  const { screen, doing } = given;
  return (
    <>
      <OneMessage message={message} screen={screen} doing={doing} reply={() => setOpen(true)} />
      {isThere && (
        <section class="thread" aria-label={`Thread under ${message.text}`}>
          {replies.map((reply) => (
            <OneMessage key={reply.ts} message={reply} screen={screen} doing={doing} />
          ))}
          <Composer thread={message.ts} {...given} />
        </section>
      )}
    </>
  );
}

interface MessageGiven {
  message: ShownMessage;
  screen: Screen;
  doing: Doing;
  /** Opens its thread; not for what is in one. */
  reply?: () => void;
}

function OneMessage({ message, screen, doing, reply }: MessageGiven) {
  const [isBusy, setBusy] = useState(false);
  const [showsJson, setShowsJson] = useState(false);
  const { ts, channel, user, text, blocks, edited, ephemeralTo, warning } = message;
  const reader = readerOf(screen);
  const author = screen.names[user] ?? user;
  const press = async (pressed: { block: string; action: string; option?: string }) => {
    setBusy(true);
    await doing({ kind: 'press', person: screen.person.id, channel, ts, ...pressed });
    setBusy(false);
  };
  const at = formatDate('{time}', Number(ts), { tz: screen.person.tz, now: screen.now });
  const day = formatDate('{date_short}', Number(ts), { tz: screen.person.tz, now: screen.now });
  return (
    <article
      class={ephemeralTo ? 'message alone' : 'message'}
      id={idOf(ts)}
      tabIndex={-1}
      aria-label={`${author}: ${text}`}
      aria-busy={isBusy}
    >
      {user === screen.bot.id ? (
        <span class="face bot">
          <KeyIcon />
        </span>
      ) : (
        <Face name={author} />
      )}
      <div class="body">
        <p class="by">
          <b>{author}</b> {user === screen.bot.id && <small class="app">APP</small>}{' '}
          <a href={linkTo(channel, ts)} class="at" title="Link to this message">
            {day}, {at}
          </a>
          {ephemeralTo && <small> · Only visible to you; Slack forgets it at a reload</small>}
          {edited && <small> (edited)</small>}
          <span class="aside">
            {reply && !ephemeralTo && (
              <button type="button" class="small" onClick={reply}>
                Reply
              </button>
            )}
            <button
              type="button"
              class="small"
              aria-expanded={showsJson}
              onClick={() => setShowsJson(!showsJson)}
            >
              {'{ }'}
              <span class="hidden"> JSON of this message</span>
            </button>
          </span>
        </p>
        {blocks.length > 0 ? (
          <MessageBlocks blocks={blocks} reader={reader} press={press} isBusy={isBusy} />
        ) : (
          <div class="block">
            <Mrkdwn text={text} reader={reader} />
          </div>
        )}
        {warning && (
          <p class="error" role="status">
            ⚠ {warning}
          </p>
        )}
        {showsJson && <pre class="raw">{JSON.stringify({ text, blocks }, undefined, 2)}</pre>}
      </div>
    </article>
  );
}

function FirstWalk({ hint }: { hint: NonNullable<Screen['hint']> }) {
  const [isDismissed, setDismissed] = useState(sessionStorage.getItem('walk') === 'no');
  if (isDismissed) return null;
  const dismiss = () => {
    sessionStorage.setItem('walk', 'no');
    setDismissed(true);
  };
  return (
    <div class="walk" role="note">
      <span class="count">
        {hint.step}/{hint.of}
      </span>
      <span class="grow">{hint.words}</span>
      <button type="button" class="small" onClick={dismiss}>
        Dismiss
      </button>
    </div>
  );
}
