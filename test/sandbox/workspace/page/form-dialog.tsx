// A form that the app opened. What is filled in stays until it is sent or closed, also over a reload.
import type { InputBlock } from '@slack/types';
import { useEffect, useState } from 'preact/hooks';
import type { Modal } from '../../servers/slack/workspace.ts';
import type { Person, Screen } from '../screen.ts';
import { Dialog } from './dialog.tsx';
import type { Doing } from './doing.ts';
import { MessageBlocks, Unknown } from './message-blocks.tsx';
import { readerOf } from './rich-text.tsx';

export function FormDialog({
  screen,
  modal,
  doing,
}: {
  screen: Screen;
  modal: { id: string; view: Modal };
  doing: Doing;
}) {
  const { id, view } = modal;
  // Slack keeps what is filled in while the view is replaced by one with the same blocks.
  const [filled, setFilled] = useState<Record<string, string>>(() =>
    JSON.parse(sessionStorage.getItem(id) ?? '{}'),
  );
  useEffect(() => sessionStorage.setItem(id, JSON.stringify(filled)), [id, filled]);
  useEffect(() => () => sessionStorage.removeItem(id), [id]);
  const values = { ...presets(view), ...filled };
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isSending, setSending] = useState(false);
  // Of a form that stays open: elsewhere it would be behind it.
  const [trouble, setTrouble] = useState('');
  const close = () => void doing({ kind: 'dismiss', view: id });
  const send = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    const { errors: complaints = {}, said = '' } = await doing({
      kind: 'submit',
      person: screen.person.id,
      view: id,
      values,
    });
    setErrors(complaints);
    setTrouble(said);
    // Another view came in its place: what was filled in went with the answer.
    if (Object.keys(complaints).length === 0 && said === '') setFilled({});
    setSending(false);
  };
  const press = async ({ block, action }: { block: string; action: string }) => {
    setSending(true);
    const act = { kind: 'pressInForm', person: screen.person.id, view: id, block, action, values } as const;
    setTrouble((await doing(act)).said ?? '');
    setErrors({});
    setSending(false);
  };
  return (
    <Dialog title={view.title.text} onClose={close}>
      <form onSubmit={send}>
        {view.blocks.map((block, index) =>
          block.type === 'input' ? (
            <Input
              key={block.block_id}
              block={block}
              value={values[block.block_id ?? ''] ?? ''}
              error={errors[block.block_id ?? '']}
              people={screen.people}
              channels={screen.privateChannels}
              set={(value) => setFilled({ ...filled, [block.block_id ?? '']: value })}
              press={press}
            />
          ) : (
            <MessageBlocks
              key={block.block_id ?? index}
              blocks={[block]}
              reader={readerOf(screen)}
              press={press}
              isBusy={isSending}
            />
          ),
        )}
        {trouble !== '' && (
          <p class="error" role="alert">
            ⚠ {trouble}
          </p>
        )}
        <div class="dialog-foot">
          <button type="button" class="press" onClick={close}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" class="press primary" disabled={isSending}>
              {view.submit.text}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** What stands in a form before anybody touches it. */
function presets({ blocks }: Modal): Record<string, string> {
  return Object.fromEntries(
    blocks.flatMap((block) => {
      if (block.type !== 'input') return [];
      const { initial_date, initial_value, initial_user } = block.element as {
        initial_date?: string;
        initial_value?: string;
        initial_user?: string;
      };
      return [[block.block_id ?? '', initial_date ?? initial_value ?? initial_user ?? '']];
    }),
  );
}

interface InputGiven {
  block: InputBlock;
  value: string;
  error: string | undefined;
  people: Person[];
  channels: { id: string; name: string }[];
  set: (value: string) => void;
  press: (pressed: { block: string; action: string }) => void;
}

function Input(given: InputGiven) {
  const { label, optional, hint, block_id } = given.block;
  return (
    <div class="input">
      <label for={block_id}>
        {label.text}
        {optional && <span class="dim"> (optional)</span>}
      </label>
      <Field {...given} />
      {given.error && (
        <p class="error" id={`${block_id}-error`} role="alert">
          {given.error}
        </p>
      )}
      {hint && <p class="dim">{hint.text}</p>}
    </div>
  );
}

function Field({ block, value, error, people, channels, set, press }: InputGiven) {
  const { element, block_id = '', optional } = block;
  const shared = {
    id: block_id,
    value,
    required: !optional,
    ...(error && { 'aria-invalid': true, 'aria-describedby': `${block_id}-error` }),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => set(currentTarget.value),
  };
  const placeholder = ('placeholder' in element && element.placeholder?.text) || '';
  if (element.type === 'datepicker') return <input type="date" {...shared} />;
  if (element.type === 'users_select')
    return <Choice {...shared} empty={placeholder || 'Choose a person'} options={people} />;
  if (element.type === 'conversations_select')
    return <Choice {...shared} empty={placeholder || 'Choose a channel'} options={channels} />;
  if (element.type === 'multi_static_select' || element.type === 'checkboxes')
    return <Several name={block.label.text} options={element.options ?? []} value={value} set={set} />;
  if (element.type !== 'plain_text_input') return <Unknown type={element.type} />;
  if (element.multiline) return <textarea rows={3} placeholder={placeholder} {...shared} />;
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !block.dispatch_action) return;
    event.preventDefault();
    press({ block: block_id, action: ('action_id' in element && element.action_id) || '' });
  };
  return <input type="text" placeholder={placeholder} onKeyDown={enter} {...shared} />;
}

function Choice({
  empty,
  options,
  ...shared
}: {
  id: string;
  value: string;
  required: boolean;
  onInput: (event: { currentTarget: { value: string } }) => void;
  empty: string;
  options: { id: string; name: string }[];
}) {
  return (
    <select {...shared}>
      <option value="">{empty}</option>
      {options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface SeveralGiven {
  name: string;
  options: { text: { text: string }; description?: { text: string } }[];
  /** A line for each that is chosen. */
  value: string;
  set: (value: string) => void;
}

/** As boxes to tick, where Slack has a menu for many. */
function Several({ name, options, value, set }: SeveralGiven) {
  const chosen = value === '' ? [] : value.split('\n');
  const turn = (words: string) =>
    set((chosen.includes(words) ? chosen.filter((one) => one !== words) : [...chosen, words]).join('\n'));
  return (
    <fieldset aria-label={name} class="several" tabIndex={options.length > 4 ? 0 : -1}>
      {options.map(({ text, description }) => (
        <label key={text.text}>
          <input type="checkbox" checked={chosen.includes(text.text)} onInput={() => turn(text.text)} />
          <span>
            {text.text}
            {description && <span class="dim"> {description.text}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
