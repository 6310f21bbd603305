/** What the editor offers while one types: the server knows the grammar and the names. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { analyzeNrql } from '../api/queries';
import type { NrqlAnalysis, QueryCompletion } from '../api/types';
import { byteOfIndex, indexOfByte } from './positions';

/** Asks anew with every letter, as the answer is bounded; the editor waits for a pause before. */
export async function completeNrql(context: CompletionContext): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const aborter = new AbortController();
  context.addEventListener('abort', () => aborter.abort(), { onDocChange: true });
  try {
    const cursor = byteOfIndex(text, context.pos);
    const analysis = await analyzeNrql(text, cursor, aborter.signal);
    return toResult(text, analysis, context.explicit);
  } catch {
    // Superseded, or the server is away, which the page says elsewhere.
    return null;
  }
}

/** Nothing unasked where no word was begun: behind a blank, in strings and in comments. */
export function toResult(
  text: string,
  analysis: Pick<NrqlAnalysis, 'replace_offset' | 'replace_length' | 'completions'>,
  explicit: boolean,
): CompletionResult | null {
  const { replace_offset: offset, replace_length: length, completions } = analysis;
  if (completions.length === 0 || (length === 0 && !explicit)) return null;
  const from = indexOfByte(text, offset);
  const to = indexOfByte(text, offset + length);
  return {
    from,
    to,
    options: completions.map(toOption),
    // The server chose by what was typed, and put the best first.
    filter: false,
    getMatch: () => [0, to - from],
  };
}

const TYPES: Record<string, string> = {
  keyword: 'keyword',
  function: 'function',
  event_type: 'class',
  attribute: 'property',
};

function toOption({ label, insert, kind, detail }: QueryCompletion): Completion {
  return {
    label,
    apply: insert,
    type: TYPES[kind],
    detail: kind.replace('_', ' '),
    info: detail === '' ? undefined : detail,
  };
}
