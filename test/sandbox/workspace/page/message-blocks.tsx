// A message's blocks as Slack draws them, with everything on them that can be operated.
import type {
  ActionsBlock,
  Button,
  Confirm,
  InputBlock,
  KnownBlock,
  Overflow,
  PlainTextInput,
  SectionBlock,
  StaticSelect,
  TextObject,
  UsersSelect,
} from '@slack/types';
import { useRef, useState } from 'preact/hooks';
import { isChart } from '../../servers/slack/chart.ts';
import type { Reader } from '../../servers/slack/mrkdwn.ts';
import type { Person } from '../screen.ts';
import { ChartBlock } from './chart-block.tsx';
import { Dialog } from './dialog.tsx';
import { Emoji, Mrkdwn } from './rich-text.tsx';

/** What was operated, by the names that Slack sends along. */
export type Press = (pressed: { block: string; action: string; option?: string; given?: string }) => void;

interface Given {
  reader: Reader;
  press: Press;
  isBusy: boolean;
  /** Whom a picker offers. */
  people?: Person[];
}

export function MessageBlocks({ blocks, ...given }: Given & { blocks: KnownBlock[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <Block key={block.block_id ?? index} block={block} {...given} />
      ))}
    </>
  );
}

function Block({ block, ...given }: Given & { block: KnownBlock }) {
  switch (block.type) {
    case 'header':
      return (
        <h2 class="block header">
          <Emoji text={block.text.text} />
        </h2>
      );
    case 'divider':
      return <hr class="block" />;
    case 'section':
      return <Section block={block} {...given} />;
    case 'context':
      return (
        <div class="block context">
          {block.elements.map((element, index) => (
            <div key={index}>
              {element.type === 'image' ? (
                <Unknown type={element.type} />
              ) : (
                <TextOf text={element} reader={given.reader} />
              )}
            </div>
          ))}
        </div>
      );
    case 'actions':
      return (
        <div class="block actions">
          {block.elements.map((element) => (
            <Operable
              key={'action_id' in element ? element.action_id : ''}
              element={element}
              block={block}
              {...given}
            />
          ))}
        </div>
      );
    case 'input':
      return <Dispatching block={block} {...given} />;
    default:
      if (isChart(block)) return <ChartBlock block={block} />;
      return <Unknown type={(block as { type: string }).type} />;
  }
}

/** Of what Slack knows, and this page does not: nothing is left out in silence. */
export function Unknown({ type }: { type: string }) {
  return (
    <span class="unknown">
      This page cannot draw <code>{type}</code>. Slack might.
    </span>
  );
}

function Section({ block, ...given }: Given & { block: SectionBlock }) {
  return (
    <div class="block section">
      <div class="words">
        {block.text && <TextOf text={block.text} reader={given.reader} />}
        {block.fields && (
          <div class="fields">
            {block.fields.map((field) => (
              <div key={field.text}>
                <TextOf text={field} reader={given.reader} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && <Operable element={block.accessory} block={block} {...given} />}
    </div>
  );
}

function TextOf({ text, reader }: { text: TextObject; reader: Reader }) {
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} reader={reader} /> : <Emoji text={text.text} />;
}

const OPERABLE = ['button', 'overflow', 'users_select', 'static_select'];

function Operable({
  element,
  block,
  ...given
}: Given & { element: { type: string }; block: ActionsBlock | SectionBlock }) {
  const [asked, setAsked] = useState<{ confirm: Confirm; then: () => void }>();
  const { confirm, action_id: action = '' } = element as { confirm?: Confirm; action_id?: string };
  const press = (option?: string) => {
    const then = () =>
      given.press({ block: block.block_id ?? '', action, ...(option !== undefined && { option }) });
    if (confirm) setAsked({ confirm, then });
    else then();
  };
  return (
    <>
      {element.type === 'button' && (
        <PlainButton element={element as Button} press={press} isBusy={given.isBusy} />
      )}
      {element.type === 'overflow' && (
        <More element={element as Overflow} press={press} isBusy={given.isBusy} />
      )}
      {element.type === 'users_select' && (
        <PeoplePicker
          element={element as UsersSelect}
          give={(person) => given.press({ block: block.block_id ?? '', action, given: person })}
          people={given.people ?? []}
          isBusy={given.isBusy}
        />
      )}
      {element.type === 'static_select' && (
        <Menu element={element as StaticSelect} press={press} isBusy={given.isBusy} />
      )}
      {!OPERABLE.includes(element.type) && <Unknown type={element.type} />}
      {asked && (
        <ConfirmDialog
          confirm={asked.confirm}
          answer={(isYes) => {
            setAsked(undefined);
            if (isYes) asked.then();
          }}
        />
      )}
    </>
  );
}

interface Shown<Element> {
  element: Element;
  press: (option?: string) => void;
  isBusy: boolean;
}

function PlainButton({ element, press, isBusy }: Shown<Button>) {
  const { text, style = '', accessibility_label } = element;
  return (
    <button
      type="button"
      class={`press ${style}`}
      disabled={isBusy}
      aria-label={accessibility_label}
      onClick={() => press()}
    >
      <Emoji text={text.text} />
    </button>
  );
}

function More({ element, press, isBusy }: Shown<Overflow>) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  const closeOnEscape = (event: KeyboardEvent) => event.key === 'Escape' && close();
  return (
    <details class="more" ref={menu} onKeyDown={closeOnEscape} onToggle={bringIntoSight}>
      <summary class="press" aria-label="More actions">
        ⋯
      </summary>
      <div class="menu">
        {element.options.map(({ text, value }) => (
          <button
            key={value}
            type="button"
            disabled={isBusy}
            onClick={() => {
              close();
              press(value);
            }}
          >
            {text.text}
          </button>
        ))}
      </div>
    </details>
  );
}

/** A menu opens below its lid, where there may be no room left. */
function bringIntoSight({ currentTarget }: { currentTarget: HTMLDetailsElement }): void {
  if (currentTarget.open) currentTarget.lastElementChild?.scrollIntoView({ block: 'nearest' });
}

function Menu({ element, press, isBusy }: Shown<StaticSelect>) {
  const label = element.placeholder?.text ?? 'Choose';
  return (
    <select
      class="press"
      aria-label={label}
      disabled={isBusy}
      value=""
      onChange={({ currentTarget }) => {
        press(currentTarget.value);
        currentTarget.value = '';
      }}
    >
      <option value="" disabled>
        {label}
      </option>
      {element.options?.map(({ text, value }) => (
        <option key={value} value={value}>
          {text.text}
        </option>
      ))}
    </select>
  );
}

function PeoplePicker({
  element,
  give,
  people,
  isBusy,
}: {
  element: UsersSelect;
  give: (person: string) => void;
  people: Person[];
  isBusy: boolean;
}) {
  const label = element.placeholder?.text ?? 'Choose a person';
  return (
    <select
      class="press"
      aria-label={label}
      disabled={isBusy}
      value=""
      onChange={({ currentTarget }) => give(currentTarget.value)}
    >
      <option value="" disabled>
        {label}
      </option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** An input outside a form: Enter sends what is typed. */
function Dispatching({ block, press, isBusy }: Given & { block: InputBlock }) {
  const { element, label, block_id = '' } = block;
  const { action_id: action = '', placeholder } = element as PlainTextInput;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('given');
    press({ block: block_id, action, given: String(given ?? '') });
  };
  return (
    <form class="block input" onSubmit={send}>
      <label for={block_id}>{label.text}</label>
      <input id={block_id} name="given" type="text" placeholder={placeholder?.text ?? ''} disabled={isBusy} />
    </form>
  );
}

/** Of plain text only, as Slack documents it. */
function ConfirmDialog({ confirm, answer }: { confirm: Confirm; answer: (isYes: boolean) => void }) {
  const { title, text, confirm: yes, deny, style = 'primary' } = confirm;
  return (
    <Dialog title={title?.text ?? 'Are you sure?'} onClose={() => answer(false)}>
      <p class="dialog-words">
        <Emoji text={text.text} />
      </p>
      <div class="dialog-foot">
        <button type="button" class="press" onClick={() => answer(false)}>
          {deny?.text ?? 'No'}
        </button>
        <button type="button" class={`press ${style}`} onClick={() => answer(true)}>
          {yes?.text ?? 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
