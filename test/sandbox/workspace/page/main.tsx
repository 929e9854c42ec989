// The page: who one is, what they read, and the AWS beside it. Fed anew whenever something changes.
import { render } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Act } from '../acts.ts';
import type { Screen } from '../screen.ts';
import { type Asked, IN_MESSAGES, PARTS, type Show, useAddress, type View } from './address.ts';
import { AwsConsole } from './aws-console.tsx';
import { Chat } from './chat.tsx';
import { ClockBar, viewOf } from './clock-bar.tsx';
import { type Doing, type Said, sendAct } from './doing.ts';
import { FormDialog } from './form-dialog.tsx';
import { keepFocus } from './keep-focus.ts';
import { Notice } from './notice.tsx';
import type { Linked } from './permalinks.ts';
import { Sidebar } from './sidebar.tsx';

function Workspace() {
  const [screen, setScreen] = useState<Screen>();
  const { view, show, asked } = useAddress(screen?.scene);
  const { person, channel, isInHome, part } = view;
  const [said, setSaid] = useState<Said>();
  const [busy, setBusy] = useState(0);
  const [isLost, setLost] = useState(false);
  const [played, setPlayed] = useState('');

  const missed = useCallback((words: string) => {
    setSaid({ ok: false, said: words, at: Date.now(), beside: 'slack' });
  }, []);
  const fetched = useRef(0);
  const shown = useRef(0);
  const load = useCallback(async () => {
    fetched.current += 1;
    const mine = fetched.current;
    const answer = await fetch(`screen?person=${encodeURIComponent(person)}`).catch(() => undefined);
    if (answer?.ok) {
      const read: Screen = await answer.json();
      // An answer that was overtaken may be of somebody else.
      if (mine < shown.current) return;
      shown.current = mine;
      setScreen(read);
    } else if (answer) missed(`The workspace cannot be shown: ${await answer.text()}`);
  }, [person, missed]);

  useEffect(() => {
    void load();
    const source = new EventSource('changes');
    source.onmessage = () => {
      setLost(false);
      void load();
    };
    source.onerror = () => setLost(true);
    return () => source.close();
  }, [load]);

  const doing: Doing = async (act) => {
    setBusy((count) => count + 1);
    if (act.kind === 'scene') setPlayed(screen?.scenes.find(({ name }) => name === act.name)?.title ?? '');
    try {
      const outcome = await sendAct(act);
      // What comes of a press stands at its message.
      if (outcome.said && act.kind !== 'press')
        setSaid({ ...outcome, at: Date.now(), beside: besideOf(act.kind) });
      else if (act.kind !== 'read') setSaid(undefined);
      return outcome;
    } finally {
      setBusy((count) => count - 1);
      setPlayed('');
    }
  };

  useScene({ screen, asked, doing, show, missed });
  const linked = useLink({ screen, asked, show, missed });

  const conversation = screen?.conversations.find(({ id }) => id === channel) ?? screen?.conversations[0];
  useEffect(() => {
    const last = conversation?.messages.at(-1);
    const isSeen = !isInHome || conversation?.kind !== 'dm';
    if (screen && conversation && last && isSeen && conversation.unread > 0 && document.hasFocus())
      void sendAct({ kind: 'read', person: screen.person.id, channel: conversation.id, upTo: last.ts });
  }, [screen, conversation, isInHome]);
  useEffect(() => {
    const unread = screen?.people.reduce((sum, one) => sum + one.unread, 0) ?? 0;
    document.title = `${unread > 0 ? `(${unread}) ` : ''}keyrotate: a workspace to try it in`;
  }, [screen]);

  // On a phone only one of the two can be seen.
  const besideOf = (kind: Act['kind']) =>
    part === 'aws' || kind === 'console' || kind === 'fetch' || kind === 'use' ? 'aws' : 'slack';
  const notice = (one: Said) => <Notice key={one.at} said={one} close={() => setSaid(undefined)} />;

  if (!screen || !conversation) return <p class="loading">{said?.said ?? 'Starting…'}</p>;
  return (
    <div class={`workspace shows-${part}`} aria-busy={busy > 0}>
      <ClockBar screen={screen} doing={doing} isBusy={busy > 0} show={show} />
      {isLost && (
        <p class="lost" role="alert">
          The workspace was stopped. Start it again with npm start.
        </p>
      )}
      <main class="parts">
        <Sidebar screen={screen} conversation={conversation} show={show} />
        <Chat
          screen={screen}
          conversation={conversation}
          doing={doing}
          isInHome={isInHome && conversation.kind === 'dm'}
          show={show}
          linked={linked}
        >
          {played !== '' && (
            <p class="notice" role="status">
              “{played}” is played from the beginning, by all who live through it. One moment.
            </p>
          )}
          {said?.beside === 'slack' && notice(said)}
        </Chat>
        <AwsConsole screen={screen} doing={doing} view={view} show={show}>
          {said?.beside === 'aws' && notice(said)}
        </AwsConsole>
      </main>
      {screen.modal && (
        <FormDialog key={screen.modal.id} screen={screen} modal={screen.modal} doing={doing} />
      )}
      <nav class="panes" aria-label="Parts of the page">
        {(Object.keys(PARTS) as View['part'][]).map((name) => (
          <button key={name} type="button" aria-pressed={part === name} onClick={() => show({ part: name })}>
            {PARTS[name]}
          </button>
        ))}
      </nav>
    </div>
  );
}

interface Following {
  screen: Screen | undefined;
  asked: Asked | undefined;
  show: Show;
  missed: (words: string) => void;
}

/** `#scene=two-keys` plays that scene, unless it is the one that is on: a reload keeps everything. */
function useScene({ screen, asked, doing, show, missed }: Following & { doing: Doing }): void {
  const played = useRef<Asked>(undefined);
  useEffect(() => {
    if (!screen || !asked || asked.linked || played.current === asked) return;
    played.current = asked;
    const scene = screen.scenes.find(({ name }) => name === asked.scene);
    if (asked.scene !== '' && !scene) {
      const names = screen.scenes.map(({ name }) => name).join(', ');
      missed(`There is no scene “${asked.scene}”. There are: ${names}.`);
    }
    const then = asked.namesView ? {} : scene ? viewOf(scene) : { person: screen.person.id };
    if (!scene || scene.name === screen.scene) return show(then, 'instead');
    void doing({ kind: 'scene', name: scene.name, again: false }).then(() => show(then, 'instead'));
  }, [screen, asked]);
}

/** Where a link to a message leads, once it is on the screen: as the person who looks, or as somebody who may see it. */
function useLink({ screen, asked, show, missed }: Following): Linked | undefined {
  const [wanted, setWanted] = useState<Linked>();
  const [found, setFound] = useState<Linked>();
  useEffect(() => {
    if (asked?.linked) setWanted(asked.linked);
  }, [asked]);
  useEffect(() => {
    if (!screen || !wanted) return;
    const { channel, ts } = wanted;
    const [somebody] = screen.members[channel] ?? [];
    const conversation = screen.conversations.find(({ id }) => id === channel);
    if (!conversation && somebody !== undefined)
      return show({ ...IN_MESSAGES, person: somebody, channel }, 'instead');
    setWanted(undefined);
    if (!conversation?.messages.some((message) => message.ts === ts)) {
      missed('That message is not there any more.');
      return show({ person: screen.person.id }, 'instead');
    }
    show({ ...IN_MESSAGES, person: screen.person.id, channel }, 'instead');
    setFound({ ...wanted });
  }, [screen, wanted, show, missed]);
  return found;
}

/** As everywhere: whoever points elsewhere has done with a menu. */
function closeMenus({ target }: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.more[open]'))
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
}

document.body.replaceChildren();
document.addEventListener('pointerdown', closeMenus);
keepFocus();
render(<Workspace />, document.body);
