// Slack's mrkdwn on the page.
import { emojify } from 'node-emoji';
import { useState } from 'preact/hooks';
import { inlineSpans, type Reader, type Span } from '../../servers/slack/mrkdwn.ts';
import type { Screen } from '../screen.ts';

export function readerOf({ person, now, names }: Screen): Reader {
  return { reading: { tz: person.tz, now }, nameOf: (id) => names[id] };
}

export function Mrkdwn({ text, reader }: { text: string; reader: Reader }) {
  return (
    <>
      {text
        .split('```')
        .map((part, index) =>
          index % 2 === 1 ? (
            <Code key={index} text={decoded(part).replace(/^\n|\n$/g, '')} />
          ) : (
            <Lines key={index} text={part.replace(/^\n|\n$/g, '')} reader={reader} />
          ),
        )}
    </>
  );
}

export function Emoji({ text }: { text: string }) {
  return <>{withEmoji(text)}</>;
}

/** Without a font that has it, it would be an empty box: then its name stands there. */
function withEmoji(text: string): string {
  return emojify(text, { format: (emoji, name = '') => (isInFont(emoji) ? emoji : name) });
}

const inFont = new Map<string, boolean>();
/** No character will ever be assigned to it. */
const NOTHING = '\u{1FFFE}';

function isInFont(emoji: string): boolean {
  const known = inFont.get(emoji) ?? drawn(emoji) !== drawn(NOTHING);
  inFont.set(emoji, known);
  return known;
}

function drawn(text: string): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 30;
  const context = canvas.getContext('2d');
  if (context) context.font = '20px system-ui, sans-serif';
  context?.fillText(text, 0, 22);
  return canvas.toDataURL();
}

function Code({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div class="code">
      <pre>{text}</pre>
      <button type="button" class="small" onClick={copy}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}

function Lines({ text, reader }: { text: string; reader: Reader }) {
  if (text.trim() === '') return null;
  return (
    <>
      {text.split('\n').map((line, index) => {
        const [, quoted] = /^(?:>|&gt;) ?(.*)$/.exec(line) ?? [];
        const spans = inlineSpans(quoted ?? line, reader);
        const content = spans.map(SpanOf);
        return quoted === undefined ? (
          <div key={index} class="line">
            {content}
          </div>
        ) : (
          <blockquote key={index}>{content}</blockquote>
        );
      })}
    </>
  );
}

function SpanOf({ text, styles, target }: Span) {
  let content = <>{styles.includes('code') ? text : withEmoji(text)}</>;
  if (target?.startsWith('@') || target?.startsWith('#') || target?.startsWith('!subteam'))
    content = <span class="mention">{content}</span>;
  else if (target !== undefined && /^https?:/.test(target))
    content = (
      <span class="link" title={`This would open ${target}`}>
        {text.replace(` (${decoded(target)})`, '')}
      </span>
    );
  // The end of a key's id stays together: a line may break after its three dots.
  if (styles.includes('code')) content = <code class={text.length < 16 ? 'short' : ''}>{content}</code>;
  if (styles.includes('bold')) content = <b>{content}</b>;
  if (styles.includes('italic')) content = <i>{content}</i>;
  if (styles.includes('strike')) content = <s>{content}</s>;
  return content;
}

function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
