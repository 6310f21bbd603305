/** Colours for NRQL. The grammar is the server's; this only tells words apart. */

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const KEYWORDS = [
  'SELECT',
  'FROM',
  'WHERE',
  'FACET',
  'TIMESERIES',
  'SINCE',
  'UNTIL',
  'LIMIT',
  'ORDER BY',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'LIKE',
  'RLIKE',
  'IS',
  'NULL',
  'TRUE',
  'FALSE',
  'ASC',
  'DESC',
  'MAX',
  'AUTO',
  'AGO',
  'COMPARE WITH',
  'WITH TIMEZONE',
  'SHOW EVENT TYPES',
] as const;

const UNITS = 'second seconds minute minutes hour hours day days week weeks now today yesterday';
const words = new Set(
  [...KEYWORDS.flatMap((keyword) => keyword.split(' ')), ...UNITS.split(' ')].map((word) =>
    word.toLowerCase(),
  ),
);

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

/** `max(` is a function though `LIMIT MAX` is a keyword. */
function wordToken(word: string, isCall: boolean): string {
  if (isCall && word.toLowerCase() !== 'in') return 'name.function';
  return words.has(word.toLowerCase()) ? 'keyword' : 'propertyName';
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
