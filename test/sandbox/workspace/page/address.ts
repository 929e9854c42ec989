// What is looked at, kept in the page's address: the browser's back button leads to what was looked at before.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Linked, linkedIn } from './permalinks.ts';

export const PARTS = { people: 'People', slack: 'Slack', aws: 'AWS' } as const;
export const TABS = {
  users: 'IAM users',
  vault: 'Vault',
  table: 'Table',
  calls: 'Calls',
  queues: 'Queues',
  alarms: 'Alarms',
} as const;

export interface View {
  /** Slack ids; empty for whoever, and whatever, comes first. */
  person: string;
  channel: string;
  isInHome: boolean;
  /** On a phone only this one can be seen. */
  part: keyof typeof PARTS;
  tab: keyof typeof TABS;
  /** What is looked for among the calls. */
  find: string;
}

/** What somebody asks for by an address that they typed or followed. */
export interface Asked {
  scene: string;
  /** It says who looks, and where. */
  namesView: boolean;
  linked: Linked | undefined;
}

/** Shows another view. `instead`: of the one that is in the address, so that back does not lead there. */
export type Show = (next: Partial<View>, instead?: 'instead') => void;

const FIRST: View = { person: '', channel: '', isInHome: false, part: 'slack', tab: 'users', find: '' };

/** In whichever conversation. */
export const IN_MESSAGES = { isInHome: false, part: 'slack' } as const;

export function addressOf({ person, channel, isInHome, part, tab, find }: View, scene: string): string {
  const said = {
    ...{ scene, person, channel, home: isInHome ? 'yes' : '', find },
    ...{ part: part === FIRST.part ? '' : part, tab: tab === FIRST.tab ? '' : tab },
  };
  return `#${new URLSearchParams(Object.entries(said).filter(([, value]) => value !== ''))}`;
}

/** undefined where the address names nobody: it is a scene's, a message's, or none. */
function viewIn(hash: string): View | undefined {
  const said = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const { person, channel = '', home, part = '', tab = '', find = '' } = said;
  if (person === undefined) return undefined;
  return {
    ...{ person, channel, find, isInHome: home === 'yes' },
    part: Object.hasOwn(PARTS, part) ? (part as View['part']) : FIRST.part,
    tab: Object.hasOwn(TABS, tab) ? (tab as View['tab']) : FIRST.tab,
  };
}

/** What the page itself put into the address it has marked, and asks for nothing. */
function askedIn({ hash }: Location): Asked | undefined {
  if (history.state === true) return undefined;
  const scene = new URLSearchParams(hash.slice(1)).get('scene') ?? '';
  return { scene, namesView: viewIn(hash) !== undefined, linked: linkedIn(hash) };
}

/** @param scene the one that is on; undefined before that is known, and then nothing is put into the address. */
export function useAddress(scene: string | undefined): { view: View; show: Show; asked: Asked | undefined } {
  const [view, setView] = useState(viewIn(location.hash) ?? FIRST);
  const [asked, setAsked] = useState(askedIn(location));
  const now = useRef({ view, scene });
  now.current = { view, scene };
  useEffect(() => {
    const changed = () => {
      setAsked(askedIn(location));
      setView(viewIn(location.hash) ?? now.current.view);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  // Back may lead to where another scene was on.
  useEffect(() => {
    if (scene !== undefined && history.state === true) history.replaceState(true, '', addressOf(view, scene));
  }, [scene, view]);
  const show: Show = useCallback((next, instead) => {
    const whole = { ...now.current.view, ...next };
    now.current.view = whole;
    const address = addressOf(whole, now.current.scene ?? '');
    if (instead || address === location.hash) history.replaceState(true, '', address);
    else history.pushState(true, '', address);
    setAsked(undefined);
    setView(whole);
  }, []);
  return { view, show, asked };
}
