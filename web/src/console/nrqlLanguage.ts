/** Colours for NRQL. The grammar is the server's, and so are the words; this only tells them apart. */

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import words from './nrqlWords.json';

const keywords = new Set(words.keywords);
const functions = new Set(words.functions);

export const nrqlLanguage = StreamLanguage.define<{ inComment: boolean }>({
  name: 'nrql',
  startState: () => ({ inComment: false }),
  token(stream, state) {
    if (state.inComment || stream.match('/*')) {
      state.inComment = !stream.match(/.*?\*\//);
      if (state.inComment) stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/(--|\/\/).*/)) return 'comment';
    if (stream.match(/'([^'\\]|\\.)*'?/) || stream.match(/"([^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/`[^`]*`?/)) return 'propertyName';
    if (stream.match(/\d+(\.\d+)?([eE][+-]?\d+)?/)) return 'number';
    if (stream.match(/[A-Za-z_][\w.:%]*/))
      return wordToken(stream.current(), stream.peek() === '(');
    if (stream.match(/[=<>!+\-*/]+/)) return 'operator';
    stream.next();
    return null;
  },
});

/** `max(` is a function though `LIMIT MAX` is a keyword; `IN (` and `AND (` stay keywords. */
export function wordToken(word: string, isCall: boolean): string {
  const lower = word.toLowerCase();
  if (isCall && functions.has(lower)) return 'name.function';
  return keywords.has(lower) ? 'keyword' : 'propertyName';
}

export const nrqlColors = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--accent)', fontWeight: '560' },
    { tag: tags.string, color: 'var(--ok-t)' },
    { tag: tags.number, color: 'var(--warn-t)' },
    { tag: tags.comment, color: 'var(--lo)', fontStyle: 'italic' },
    { tag: tags.function(tags.name), color: 'var(--hi)', fontWeight: '560' },
    { tag: tags.operator, color: 'var(--mid)' },
  ]),
);
