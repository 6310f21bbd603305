import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../api/client';
import type { QueryDiagnostic } from '../api/types';
import { completeNrql, toResult } from './completion';
import { toMarks } from './diagnostics';
import { columnsOf, toCsv } from './download';
import { wordToken } from './nrqlLanguage';
import { byteOfIndex, indexOfByte } from './positions';
import { readRuns, recordRun, withRun } from './runHistory';
import { keptHere, moveToServer } from './savedQueries';

const FULL_STORAGE = {
  getItem: () => null,
  setItem() {
    throw new DOMException('full', 'QuotaExceededError');
  },
};

afterEach(() => vi.unstubAllGlobals());

describe('positions', () => {
  const encoder = new TextEncoder();
  const graphemes = fc.string({ unit: 'grapheme' });

  it('count bytes as the server does, both ways', () => {
    fc.assert(
      fc.property(graphemes, graphemes, (before, after) => {
        const bytes = encoder.encode(before).length;
        expect(indexOfByte(before + after, bytes)).toBe(before.length);
        expect(byteOfIndex(before + after, before.length)).toBe(bytes);
      }),
    );
  });

  it('count what is sent for half a surrogate pair, and never split a whole one', () => {
    expect(byteOfIndex('\ud800a', 2)).toBe(encoder.encode('\ud800a').length);
    expect(byteOfIndex('é😀x', 2)).toBe(2);
    expect(indexOfByte('é😀x', 6)).toBe(3);
  });

  it('end with the text', () => {
    expect(indexOfByte('é', 99)).toBe(1);
    expect(byteOfIndex('é', 99)).toBe(2);
  });
});

describe('completion', () => {
  const analysis = (offset: number, length: number) => ({
    replace_offset: offset,
    replace_length: length,
    completions: [{ label: 'max', insert: 'max(', kind: 'function', detail: 'max(attribute)' }],
  });
  const ask = (text: string) =>
    completeNrql(new CompletionContext(EditorState.create({ doc: text }), text.length, false));

  it('replaces the typed word, wherever the bytes put it', () => {
    const result = toResult("WHERE a = 'é' ma", analysis(15, 2), false);
    expect(result).toMatchObject({ from: 14, to: 16 });
    expect(result?.options[0]).toMatchObject({ label: 'max', apply: 'max(' });
  });

  it('is silent where no word was begun, until it is asked for', () => {
    expect(toResult('SELECT ', analysis(7, 0), false)).toBeNull();
    expect(toResult('SELECT ', analysis(7, 0), true)).toMatchObject({ from: 7, to: 7 });
    expect(toResult('x', { ...analysis(0, 1), completions: [] }, true)).toBeNull();
  });

  it('sends the cursor in bytes', async () => {
    const fetched = vi.fn((_path: string, _init: RequestInit) =>
      Promise.resolve(Response.json(analysis(9, 1))),
    );
    vi.stubGlobal('fetch', fetched);
    expect(await ask("'é😀' m")).toMatchObject({ from: 6, to: 7 });
    expect(fetched.mock.calls[0]?.[1].body).toBe('{"nrql":"\'é😀\' m","cursor":10}');
  });

  it('is silent when the server does not answer', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
    expect(await ask('SEL')).toBeNull();
  });
});

describe('findings in the editor', () => {
  const finding = (offset: number, length: number): QueryDiagnostic => ({
    severity: 'error',
    code: 'NRQL-E0001',
    message: 'unexpected',
    line: 1,
    column: 1,
    offset,
    length,
    help: null,
    rendered: '',
  });

  it('marks the place, and the last character when the place is past the end', () => {
    const text = "WHERE a = 'é' FORM";
    expect(toMarks(text, [finding(15, 4)])[0]).toMatchObject({ from: 14, to: 18 });
    expect(toMarks('SELECT', [finding(6, 0)])[0]).toMatchObject({ from: 5, to: 6 });
    expect(toMarks('', [finding(0, 0)])[0]).toMatchObject({ from: 0, to: 0 });
  });
});

describe('downloads', () => {
  it('quotes what CSV needs quoted and leaves the unknown empty', () => {
    const rows = [
      { a: 'x,"y"', b: null },
      { a: 0, c: { 95: 1 } },
    ];
    expect(columnsOf(rows)).toEqual(['a', 'b', 'c']);
    expect(toCsv(rows)).toBe('a,b,c\r\n"x,""y""",,\r\n0,,"{""95"":1}"');
  });
});

describe('history', () => {
  beforeEach(() => localStorage.clear());

  it('moves a query that is run again to the front and stays bounded', () => {
    const runs = Array.from({ length: 50 }, (_, n) => ({ nrql: `q${n}`, atMs: n }));
    const next = withRun(runs, { nrql: 'q7', atMs: 99 });
    expect(next).toHaveLength(50);
    expect(next[0]).toEqual({ nrql: 'q7', atMs: 99 });
    expect(withRun(runs, { nrql: 'new', atMs: 99 })).toHaveLength(50);
  });

  it('believes nothing that is stored', () => {
    localStorage.setItem('weir.queries', '[{"nrql":"a","atMs":1},{"nrql":2},null,7]');
    expect(readRuns()).toEqual([{ nrql: 'a', atMs: 1 }]);
    localStorage.setItem('weir.queries', 'not JSON');
    expect(readRuns()).toEqual([]);
  });

  it('does without storage', () => {
    vi.stubGlobal('localStorage', FULL_STORAGE);
    recordRun('a', 1);
    expect(readRuns()).toEqual([]);
  });
});

describe('colours', () => {
  it('tell functions from keywords of the same name and from attributes', () => {
    expect(wordToken('max', true)).toBe('name.function');
    expect(wordToken('MAX', false)).toBe('keyword');
    expect(wordToken('in', true)).toBe('keyword');
    expect(wordToken('uniqueCount', true)).toBe('name.function');
    expect(wordToken('noSuchThing', true)).toBe('propertyName');
    expect(wordToken('consumerLag', false)).toBe('propertyName');
    for (const word of ['SLIDE', 'extrapolate', 'Join', 'minutes', 'month', 'yesterday', 'CASES']) {
      expect(wordToken(word, false), word).toBe('keyword');
    }
  });
});

describe('queries that this browser kept', () => {
  const LAG = { name: 'lag', nrql: 'SELECT 1' };
  const BROKERS = { name: 'brokers', nrql: 'SELECT 2' };
  const keep = (...queries: object[]) =>
    localStorage.setItem('weir.saved-queries', JSON.stringify(queries));
  const taken = new RequestError(409, { code: 'CONFLICT', message: 'taken' });

  beforeEach(() => localStorage.clear());

  it('move to the server, as private ones', async () => {
    keep(LAG, BROKERS);
    const save = vi.fn(async () => undefined);
    expect(await moveToServer([], save)).toBe(true);
    expect(save.mock.calls).toEqual([[{ ...LAG, shared: false }], [{ ...BROKERS, shared: false }]]);
    expect(keptHere()).toEqual([]);
    expect(await moveToServer([], save)).toBe(false);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('get another name where theirs means something else, and go where it means the same', async () => {
    keep(LAG, BROKERS);
    const there = { ...BROKERS, id: '1', shared: true, owner: 'x', mine: false, updated_at_ms: 0 };
    const save = vi.fn().mockRejectedValueOnce(taken).mockResolvedValue(undefined);
    expect(await moveToServer([there], save)).toBe(true);
    expect(save).toHaveBeenLastCalledWith({
      ...LAG,
      name: "lag (this browser's)",
      shared: false,
    });
    expect(save).toHaveBeenCalledTimes(2);
    expect(keptHere()).toEqual([]);
  });

  it('stay here while the server does not take them', async () => {
    keep(LAG, BROKERS);
    const save = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined);
    expect(await moveToServer([], save)).toBe(true);
    expect(keptHere()).toEqual([LAG]);
  });
});
