// The page: who one is, what they read, and the AWS beside it. Fed anew whenever something changes.
import { render } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Act } from '../acts.ts';
import type { Screen } from '../screen.ts';
import { AwsConsole } from './aws-console.tsx';
import { Chat } from './chat.tsx';
import { ClockBar } from './clock-bar.tsx';
import { type Doing, type Said, sendAct } from './doing.ts';
import { FormDialog } from './form-dialog.tsx';
import { keepFocus } from './keep-focus.ts';
import { Notice } from './notice.tsx';
import { type Linked, linkedIn } from './permalinks.ts';
import { Sidebar } from './sidebar.tsx';

type Pane = 'people' | 'slack' | 'aws';

function Workspace() {
  const [person, setPerson] = useState(sessionStorage.getItem('person') ?? '');
  const [channel, setChannel] = useState(sessionStorage.getItem('channel') ?? '');
  const [screen, setScreen] = useState<Screen>();
  const [said, setSaid] = useState<Said>();
  const [busy, setBusy] = useState(0);
  const [isLost, setLost] = useState(false);
  const [played, setPlayed] = useState('');
  const [pane, setPane] = useState<Pane>('slack');
  const [isInHome, setInHome] = useState(sessionStorage.getItem('home') === 'yes');

  const missed = useCallback((words: string) => {
    setSaid({ ok: false, said: words, at: Date.now(), beside: 'slack' });
  }, []);
  const asked = useRef(0);
  const shown = useRef(0);
  const load = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
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

  const showHome = useCallback((shows: boolean) => {
    sessionStorage.setItem('home', shows ? 'yes' : '');
    setInHome(shows);
  }, []);

  const look = useCallback((asPerson: string, at?: string, inHome = false) => {
    sessionStorage.setItem('person', asPerson);
    sessionStorage.setItem('channel', at ?? '');
    setPerson(asPerson);
    setChannel(at ?? '');
    setPane('slack');
    showHome(inHome);
  }, []);

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

  useScene(screen, doing, look);
  const linked = useLink(screen, look, missed);

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
    pane === 'aws' || kind === 'console' || kind === 'fetch' || kind === 'use' ? 'aws' : 'slack';
  const notice = (one: Said) => <Notice key={one.at} said={one} close={() => setSaid(undefined)} />;

  if (!screen || !conversation) return <p class="loading">{said?.said ?? 'Starting…'}</p>;
  return (
    <div class={`workspace shows-${pane}`} aria-busy={busy > 0}>
      <ClockBar screen={screen} doing={doing} isBusy={busy > 0} look={look} />
      {isLost && (
        <p class="lost" role="alert">
          The workspace was stopped. Start it again with npm start.
        </p>
      )}
      <Sidebar screen={screen} conversation={conversation} look={look} />
      <Chat
        screen={screen}
        conversation={conversation}
        doing={doing}
        isInHome={isInHome && conversation.kind === 'dm'}
        showHome={showHome}
        linked={linked}
      >
        {played !== '' && (
          <p class="notice" role="status">
            “{played}” is played from the beginning, by all who live through it. One moment.
          </p>
        )}
        {said?.beside === 'slack' && notice(said)}
      </Chat>
      <AwsConsole screen={screen} doing={doing}>
        {said?.beside === 'aws' && notice(said)}
      </AwsConsole>
      {screen.modal && (
        <FormDialog key={screen.modal.id} screen={screen} modal={screen.modal} doing={doing} />
      )}
      <nav class="panes" aria-label="Parts of the page">
        {(['people', 'slack', 'aws'] as const).map((name) => (
          <button key={name} type="button" aria-pressed={pane === name} onClick={() => setPane(name)}>
            {{ people: 'People', slack: 'Slack', aws: 'AWS' }[name]}
          </button>
        ))}
      </nav>
    </div>
  );
}

/** `#scene=two-keys` plays that scene, unless it is the one that is on: a reload keeps everything. */
function useScene(
  screen: Screen | undefined,
  doing: Doing,
  look: (person: string, channel: string, inHome: boolean) => void,
): void {
  const [wanted, setWanted] = useState(sceneInAddress());
  useEffect(() => {
    const changed = () => setWanted(sceneInAddress());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  useEffect(() => {
    const scene = screen?.scenes.find(({ name }) => name === wanted);
    if (!screen || !scene) return;
    setWanted('');
    const isOn = screen.scene === scene.name;
    if (isOn && sessionStorage.getItem('person')) return;
    void doing({ kind: 'scene', name: scene.name, again: false }).then(() =>
      look(scene.person, scene.conversation, scene.isInHome),
    );
  }, [screen, wanted, look]);
}

/** Where a link to a message leads, once it is on the screen: as the person who looks, or as somebody who may see it. */
function useLink(
  screen: Screen | undefined,
  look: (person: string, channel: string) => void,
  missed: (words: string) => void,
): Linked | undefined {
  const [wanted, setWanted] = useState(linkedIn(location.hash));
  const [found, setFound] = useState<Linked>();
  useEffect(() => {
    const follow = (event: Event) => {
      // The address stays the same when the same link is followed again.
      const link = event.target instanceof Element ? event.target.closest('a')?.hash : location.hash;
      setWanted(linkedIn(link ?? ''));
    };
    addEventListener('hashchange', follow);
    addEventListener('click', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('click', follow);
    };
  }, []);
  useEffect(() => {
    if (!screen || !wanted) return;
    const { channel, ts } = wanted;
    const members = screen.members[channel] ?? [];
    const conversation = screen.conversations.find(({ id }) => id === channel);
    if (!conversation && members[0]) {
      look(members[0], channel);
      return;
    }
    setWanted(undefined);
    if (!conversation?.messages.some((message) => message.ts === ts)) {
      missed('That message is not there any more.');
      return;
    }
    look(screen.person.id, channel);
    setFound({ ...wanted });
  }, [screen, wanted, look, missed]);
  return found;
}

function sceneInAddress(): string {
  return /^#scene=([\w-]+)$/.exec(location.hash)?.[1] ?? '';
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
