/** Every keyboard shortcut, in one table: it runs them, and it makes the sheet and the palette. */

import { endsNow, lastSeconds, type Range, resolveRange, shiftRange } from '../url/range';

type Path =
  | '/'
  | '/groups'
  | '/topics'
  | '/brokers'
  | '/clusters'
  | '/query'
  | '/lookups'
  | '/sources';

export interface ShortcutContext {
  go: (path: Path) => void;
  range: Range;
  setRange: (range: Range) => void;
  refresh: () => void;
  openPalette: () => void;
  openSheet: () => void;
}

export interface Shortcut {
  /** Keys as `KeyboardEvent.key` names them; two keys are pressed one after the other. */
  keys: string;
  label: string;
  group: 'Go to' | 'Page' | 'Things' | 'Lists';
  run: (context: ShortcutContext) => void;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'g h', label: 'Fleet', group: 'Go to', run: ({ go }) => go('/') },
  { keys: 'g g', label: 'Groups', group: 'Go to', run: ({ go }) => go('/groups') },
  { keys: 'g t', label: 'Topics', group: 'Go to', run: ({ go }) => go('/topics') },
  { keys: 'g b', label: 'Brokers', group: 'Go to', run: ({ go }) => go('/brokers') },
  { keys: 'g c', label: 'Clusters', group: 'Go to', run: ({ go }) => go('/clusters') },
  { keys: 'g q', label: 'Query', group: 'Go to', run: ({ go }) => go('/query') },
  { keys: 'g l', label: 'Lookup tables', group: 'Go to', run: ({ go }) => go('/lookups') },
  { keys: 'g s', label: 'Sources', group: 'Go to', run: ({ go }) => go('/sources') },
  { keys: 't', label: 'Choose the time range', group: 'Page', run: () => click('#time-picker') },
  { keys: '[', label: 'Shift the range back by half', group: 'Page', run: (c) => shift(c, -0.5) },
  { keys: ']', label: 'Shift the range forward by half', group: 'Page', run: (c) => shift(c, 0.5) },
  { keys: '-', label: 'Zoom out', group: 'Page', run: (c) => zoom(c, 2) },
  { keys: '=', label: 'Zoom in', group: 'Page', run: (c) => zoom(c, 0.5) },
  { keys: 'r', label: 'Refresh now', group: 'Page', run: ({ refresh }) => refresh() },
  { keys: 'y', label: 'Copy the link of this page', group: 'Page', run: () => copyLink() },
  { keys: '?', label: 'Show shortcuts', group: 'Page', run: ({ openSheet }) => openSheet() },
  { keys: 'w', label: 'First reason why it is not well', group: 'Things', run: firstReason },
  { keys: 'b', label: 'Brokers of the cluster', group: 'Things', run: () => press('b') },
  { keys: 'o', label: 'Topics of the cluster', group: 'Things', run: () => press('o') },
  { keys: 'u', label: 'Groups of the cluster', group: 'Things', run: () => press('u') },
  { keys: ',', label: 'Previous broker', group: 'Things', run: () => press(',') },
  { keys: '.', label: 'Next broker', group: 'Things', run: () => press('.') },
  { keys: '/', label: 'Filter', group: 'Lists', run: () => focus('[data-filter]') },
  { keys: 'j', label: 'Next row', group: 'Lists', run: () => moveRow(1) },
  { keys: 'k', label: 'Previous row', group: 'Lists', run: () => moveRow(-1) },
];

export function findShortcut(keys: string): Shortcut | undefined {
  return SHORTCUTS.find((shortcut) => shortcut.keys === keys);
}

/** True when `key` may begin a shortcut of two keys. */
export function isPrefix(key: string): boolean {
  return SHORTCUTS.some((shortcut) => shortcut.keys.startsWith(`${key} `));
}

function shift({ range, setRange }: ShortcutContext, share: number) {
  setRange(shiftRange(range, share, Date.now()));
}

/** The same end, another length. */
function zoom({ range, setRange }: ShortcutContext, factor: number) {
  const { fromMs, toMs } = resolveRange(range, Date.now());
  const seconds = Math.round(((toMs - fromMs) / 1000) * factor);
  const lengthSecs = Math.min(Math.max(seconds, 60), 31_536_000);
  if (endsNow(range)) setRange(lastSeconds(lengthSecs));
  else
    setRange({ from: { kind: 'at', ms: toMs - lengthSecs * 1000 }, to: { kind: 'at', ms: toMs } });
}

/** Rows are their first link: focus moves from one to the next, and Enter opens it as ever. */
function moveRow(step: 1 | -1) {
  const links = [...document.querySelectorAll<HTMLElement>('tbody td:first-child a')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

function copyLink() {
  void navigator.clipboard?.writeText(location.href);
}

/** What a page offers under a key of its own. */
function press(key: string) {
  click(`[data-shortcut="${key}"]`);
}

function firstReason() {
  const why = document.querySelector<HTMLElement>('[data-why]');
  why?.scrollIntoView({ block: 'center' });
  why?.querySelector('a')?.focus();
}

function click(selector: string) {
  document.querySelector<HTMLElement>(selector)?.click();
}

function focus(selector: string) {
  document.querySelector<HTMLElement>(selector)?.focus();
}
