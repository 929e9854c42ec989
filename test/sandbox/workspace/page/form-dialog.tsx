// A form that the app opened. What is filled in stays until it is sent or closed.
import type { InputBlock } from '@slack/types';
import { useState } from 'preact/hooks';
import type { Modal } from '../../servers/slack/workspace.ts';
import type { Person, Screen } from '../screen.ts';
import { Dialog } from './dialog.tsx';
import type { Doing } from './doing.ts';
import { MessageBlocks } from './message-blocks.tsx';
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
  const [values, setValues] = useState(() => presets(view));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isSending, setSending] = useState(false);
  const close = () => void doing({ kind: 'dismiss', view: id });
  const send = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    const { errors: complaints = {} } = await doing({
      kind: 'submit',
      person: screen.person.id,
      view: id,
      values,
    });
    setErrors(complaints);
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
              set={(value) => setValues({ ...values, [block.block_id ?? '']: value })}
            />
          ) : (
            <MessageBlocks
              key={block.block_id ?? index}
              blocks={[block]}
              reader={readerOf(screen)}
              press={() => {}}
              isBusy
            />
          ),
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
  set: (value: string) => void;
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

function Field({ block: { element, block_id, optional }, value, error, people, set }: InputGiven) {
  const shared = {
    id: block_id ?? '',
    value,
    required: !optional,
    ...(error && { 'aria-invalid': true, 'aria-describedby': `${block_id}-error` }),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => set(currentTarget.value),
  };
  const placeholder = ('placeholder' in element && element.placeholder?.text) || '';
  if (element.type === 'datepicker') return <input type="date" {...shared} />;
  if (element.type === 'users_select')
    return (
      <select {...shared}>
        <option value="">{placeholder || 'Choose a person'}</option>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    );
  const isLong = element.type === 'plain_text_input' && element.multiline;
  return isLong ? (
    <textarea rows={3} placeholder={placeholder} {...shared} />
  ) : (
    <input type="text" placeholder={placeholder} {...shared} />
  );
}
