// A link to a message, in the form of Slack's own: it leads there, and flashes it.

export interface Linked {
  channel: string;
  ts: string;
}

/** https://docs.slack.dev/reference/methods/chat.getPermalink: the ts without its dot. */
export function linkTo(channel: string, ts: string): string {
  return `#/archives/${channel}/p${ts.replace('.', '')}`;
}

export function linkedIn(hash: string): Linked | undefined {
  const [, channel, seconds, fraction] = /^#\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(hash) ?? [];
  return channel === undefined ? undefined : { channel, ts: `${seconds}.${fraction}` };
}

export function idOf(ts: string): string {
  return `m${ts}`;
}

export function flash(ts: string): void {
  const message = document.getElementById(idOf(ts));
  if (!message) return;
  message.scrollIntoView({ block: 'center' });
  message.focus({ preventScroll: true });
  message.classList.remove('flash');
  // The animation begins anew only once the browser has seen it gone.
  void message.offsetWidth;
  message.classList.add('flash');
}
