// The one clock, what schedules would set off, trouble on request, and the scenes.
import { useState } from 'preact/hooks';
import { formatDate } from '../../servers/slack/date-tokens.ts';
import type { Act } from '../acts.ts';
import type { Screen } from '../screen.ts';
import type { Show, View } from './address.ts';
import type { Doing } from './doing.ts';
import { KeyIcon } from './icons.tsx';

interface Given {
  screen: Screen;
  doing: Doing;
  isBusy: boolean;
  show: Show;
}

const STEPS: [string, Act][] = [
  ['+1 hour', { kind: 'wait', until: 'hour' }],
  ['Next morning', { kind: 'wait', until: 'morning' }],
  ['+7 days', { kind: 'wait', until: 'week' }],
];
const TASKS: [string, Act][] = [
  ['Sweep', { kind: 'run', task: 'sweep' }],
  ['Post the summary', { kind: 'run', task: 'summary' }],
];

export function ClockBar({ screen, doing, isBusy, show }: Given) {
  // On a phone there is no room for all of it.
  const [isOpen, setOpen] = useState(false);
  const reading = { tz: screen.person.tz, now: screen.now };
  const now = `${formatDate('{date_long}', screen.now / 1000, reading)}, ${formatDate('{time}', screen.now / 1000, reading)}`;
  const showScene: Show = (view) => {
    setOpen(false);
    show(view);
  };
  return (
    <header class="bar">
      <h1 class="title">
        <KeyIcon /> keyrotate
      </h1>
      <span class="now" title="Time stands still until you let it pass">
        <span class="hidden">It is </span>
        {now} <small>{screen.person.tz.split('/').at(-1)?.replace('_', ' ')}</small>
      </span>
      <button
        type="button"
        class="who"
        aria-label={`You are ${screen.person.name}. Be somebody else`}
        onClick={() => show({ part: 'people' })}
      >
        {screen.person.name.split(' ')[0]}
      </button>
      <button type="button" class="lid" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Controls
      </button>
      <div class={isOpen ? 'controls open' : 'controls'}>
        <fieldset class="group" aria-label="Let time pass">
          {STEPS.map(([label, act]) => (
            <button key={label} type="button" disabled={isBusy} onClick={() => void doing(act)}>
              {label}
            </button>
          ))}
        </fieldset>
        <fieldset class="group" aria-label="What schedules do">
          {TASKS.map(([label, act]) => (
            <button key={label} type="button" disabled={isBusy} onClick={() => void doing(act)}>
              {label}
            </button>
          ))}
        </fieldset>
        <Troubles screen={screen} doing={doing} />
        <Scenes screen={screen} doing={doing} isBusy={isBusy} show={showScene} />
      </div>
    </header>
  );
}

function Troubles({ screen: { troubles }, doing }: Pick<Given, 'screen' | 'doing'>) {
  const count = troubles.filter(({ on }) => on).length;
  return (
    <details class="more">
      <summary>Trouble{count > 0 && <span class="count">{count}</span>}</summary>
      <div class="menu">
        {troubles.map(({ name, label, on }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={on}
              onChange={() => void doing({ kind: 'trouble', name, on: !on })}
            />{' '}
            {label}
          </label>
        ))}
      </div>
    </details>
  );
}

/** Who should be looking at a scene, and where. */
export function viewOf({ person, conversation, isInHome }: Screen['scenes'][number]): Partial<View> {
  return { person, channel: conversation, isInHome, part: 'slack' };
}

function Scenes({ screen: { scenes, scene }, doing, isBusy, show }: Given) {
  const play = async (name: string) => {
    const chosen = scenes.find((one) => one.name === name);
    if (!chosen) return;
    await doing({ kind: 'scene', name: chosen.name, again: true });
    show(viewOf(chosen));
  };
  return (
    <div class="group scenes">
      <label>
        <span class="hidden">Scene</span>
        <select
          value={scene}
          disabled={isBusy}
          onChange={({ currentTarget }) => void play(currentTarget.value)}
        >
          {scenes.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        disabled={isBusy}
        title="Play this scene from the beginning"
        onClick={() => void play(scene)}
      >
        Begin again
      </button>
    </div>
  );
}
