/** Queries that were given a name in this browser, before the server kept them: they move there. */

import { RequestError } from '../api/client';
import type { SavedQuery, SavedQueryBody } from '../api/types';
import { isRecord, readList, writeList } from './storedList';

interface Named {
  name: string;
  nrql: string;
}

const KEY = 'weir.saved-queries';
const NAME_MAX = 80;

export function keptHere(): Named[] {
  return readList(KEY, isNamed);
}

/**
 * Hands every query to `save` and forgets those the server has then; the others stay for the next
 * time. One whose name already means something else there gets a name of its own. True when any moved.
 */
export async function moveToServer(
  known: readonly SavedQuery[],
  save: (body: SavedQueryBody) => Promise<unknown>,
): Promise<boolean> {
  const before = keptHere();
  const left: Named[] = [];
  for (const query of before) {
    const isThere = known.some(({ name, nrql }) => name === query.name && nrql === query.nrql);
    if (!isThere && !(await isSaved(query, save))) left.push(query);
  }
  if (left.length < before.length) writeList(KEY, left);
  return left.length < before.length;
}

async function isSaved(
  { name, nrql }: Named,
  save: (body: SavedQueryBody) => Promise<unknown>,
): Promise<boolean> {
  const others = [name, `${name.slice(0, NAME_MAX - 20)} (this browser's)`];
  for (const other of others) {
    try {
      await save({ name: other, nrql, shared: false });
      return true;
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 409) return false;
    }
  }
  return false;
}

function isNamed(value: unknown): value is Named {
  return isRecord(value) && typeof value.name === 'string' && typeof value.nrql === 'string';
}
