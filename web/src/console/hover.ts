/** What the word under the pointer means, as the server explains it. */

import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';
import { analyzeNrql } from '../api/queries';
import type { NrqlAnalysis } from '../api/types';
import { byteOfIndex, indexOfByte } from './positions';

/** One for an editor: a question that is not answered yet ends when the next is asked. */
export function hoverNrql() {
  let asking = new AbortController();
  const source = (view: EditorView, pos: number, side: -1 | 1) => {
    asking.abort();
    asking = new AbortController();
    return explained(view, side < 0 ? pos - 1 : pos, asking.signal);
  };
  return hoverTooltip(source, { hideOnChange: true });
}

async function explained(
  view: EditorView,
  at: number,
  signal: AbortSignal,
): Promise<Tooltip | null> {
  if (view.state.wordAt(at) === null) return null;
  const text = view.state.doc.toString();
  try {
    const { hover } = await analyzeNrql(text, byteOfIndex(text, at), signal);
    return hover && toTooltip(text, hover);
  } catch {
    // Superseded, or the server is away, which the page says elsewhere.
    return null;
  }
}

function toTooltip(text: string, hover: NonNullable<NrqlAnalysis['hover']>): Tooltip {
  return {
    pos: indexOfByte(text, hover.offset),
    end: indexOfByte(text, hover.offset + hover.length),
    above: true,
    create: () => ({ dom: toCard(hover.title, hover.text) }),
  };
}

function toCard(title: string, text: string): HTMLElement {
  const card = document.createElement('div');
  card.className = 'cm-nrql-hover';
  const heading = document.createElement('b');
  heading.textContent = title;
  const body = document.createElement('p');
  body.textContent = text;
  card.append(heading, body);
  return card;
}
