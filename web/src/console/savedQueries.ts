/** Queries that were given a name in this browser, in the order of their names. */

import { isRecord, readList, writeList } from './storedList';

export interface SavedQuery {
  name: string;
  nrql: string;
}

export const SAVED_MAX = 200;
const KEY = 'weir.saved-queries';

export function readSaved(): SavedQuery[] {
  return readList(KEY, isSaved);
}

/** `null` when it was kept, else why it was not. */
export function saveQuery(query: SavedQuery): string | null {
  const next = withSaved(readSaved(), query);
  if (next.length > SAVED_MAX) {
    return `${SAVED_MAX} queries are saved already: delete one first`;
  }
  return writeList(KEY, next) ? null : 'this browser keeps nothing: its storage is full or off';
}

export function deleteSaved(name: string): boolean {
  return writeList(
    KEY,
    readSaved().filter((saved) => saved.name !== name),
  );
}

/** A name stands once: saving under it again replaces what it meant. */
export function withSaved(saved: SavedQuery[], query: SavedQuery): SavedQuery[] {
  const others = saved.filter(({ name }) => name !== query.name);
  return [...others, query].sort((a, b) => a.name.localeCompare(b.name));
}

function isSaved(value: unknown): value is SavedQuery {
  return isRecord(value) && typeof value.name === 'string' && typeof value.nrql === 'string';
}
