/** What the editor offers while one types: words of NRQL, event types and their attributes. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EventType } from '../api/types';
import { FUNCTIONS, KEYWORDS } from './nrqlLanguage';

export function completeNrql(schema: () => EventType[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w.]*/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const before = context.state.sliceDoc(0, word.from);
    const options = optionsFor(before, context.state.doc.toString(), schema());
    return { from: word.from, options, validFor: /^[\w.]*$/ };
  };
}

/** Event types after FROM; elsewhere the attributes of the types the text names, and the words. */
export function optionsFor(before: string, text: string, schema: EventType[]): Completion[] {
  if (insideString(before)) return [];
  if (/\bfrom\s+([\w:]+\s*,\s*)*$/i.test(before)) return schema.map(eventTypeOption);
  return [
    ...attributeOptions(text, schema),
    ...FUNCTIONS.map(functionOption),
    ...KEYWORDS.map(keywordOption),
  ];
}

function attributeOptions(text: string, schema: EventType[]): Completion[] {
  const named = schema.filter((type) => new RegExp(`\\b${type.name}\\b`).test(text));
  const types = named.length > 0 ? named : schema;
  const byName = new Map(types.flatMap((type) => type.attributes.map((a) => [a.name, a] as const)));
  return [...byName.values()].map(({ name, kind, unit, doc }) => ({
    label: name,
    type: 'property',
    detail: unit === '' ? kind : unit,
    info: doc,
    boost: 2,
  }));
}

function eventTypeOption({ name, doc }: EventType): Completion {
  return { label: name, type: 'class', info: doc };
}

function functionOption(name: string): Completion {
  return { label: name, type: 'function', apply: `${name}(`, boost: 1 };
}

function keywordOption(word: string): Completion {
  return { label: word, type: 'keyword' };
}

function insideString(before: string): boolean {
  return (before.replaceAll(/\\./g, '').match(/'/g)?.length ?? 0) % 2 === 1;
}
