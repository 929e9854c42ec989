// The bot's Home beside its messages, as Slack has it: Slack tells the bot that it was opened, and shows what it publishes.
import { useEffect, useState } from 'preact/hooks';
import type { Conversation, Screen } from '../screen.ts';
import type { Show } from './address.ts';
import type { Doing } from './doing.ts';
import { MessageBlocks, type Press } from './message-blocks.tsx';
import { readerOf } from './rich-text.tsx';

export function Tabs({
  conversation,
  isInHome,
  show,
}: {
  conversation: Conversation;
  isInHome: boolean;
  show: Show;
}) {
  const { unread } = conversation;
  return (
    <div class="tabs">
      <button type="button" aria-pressed={isInHome} onClick={() => show({ isInHome: true })}>
        Home
      </button>
      <button type="button" aria-pressed={!isInHome} onClick={() => show({ isInHome: false })}>
        Messages
        {isInHome && unread > 0 && (
          <span class="count">
            {unread}
            <span class="hidden"> unread</span>
          </span>
        )}
      </button>
    </div>
  );
}

export function HomeTab({ screen, doing }: { screen: Screen; doing: Doing }) {
  const [isBusy, setBusy] = useState(false);
  const { person, home, people } = screen;
  const isAbsent = home === undefined;
  useEffect(() => void doing({ kind: 'openHome', person: person.id }), [person.id, isAbsent]);
  const press: Press = async (pressed) => {
    setBusy(true);
    await doing({ kind: 'inHome', person: person.id, ...pressed });
    setBusy(false);
  };
  return (
    <section class="messages home" aria-label="Home" aria-busy={isBusy}>
      {home ? (
        <MessageBlocks
          blocks={home.blocks}
          reader={readerOf(screen)}
          press={press}
          isBusy={isBusy}
          people={people}
        />
      ) : (
        <p class="empty">keyrotate has not drawn its Home yet.</p>
      )}
    </section>
  );
}
