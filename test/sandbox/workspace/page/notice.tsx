// What is said to the person about what they did, beside where they did it.
import { useState } from 'preact/hooks';
import type { Said } from './doing.ts';

export function Notice({ said, close }: { said: Said; close: () => void }) {
  return (
    <div class={said.ok ? 'notice' : 'notice bad'} role="status">
      <div class="grow">
        {said.said} {said.secret && <Secret text={said.secret} />}
      </div>
      <button type="button" class="small" onClick={close}>
        Close
      </button>
    </div>
  );
}

/** A secret of this make-believe AWS. Shown only on request, as habit has it. */
function Secret({ text }: { text: string }) {
  const [isShown, setShown] = useState(false);
  return isShown ? (
    <pre class="raw">{JSON.stringify(JSON.parse(text), undefined, 2)}</pre>
  ) : (
    <button type="button" class="small" onClick={() => setShown(true)}>
      Show it
    </button>
  );
}
