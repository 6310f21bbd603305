import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bound, formatBound, parseBound, type Range, shiftRange } from './range';
import { parseSearch, stringifySearch } from './search';
import { DEFAULT_VIEW, readView, type View, writeView } from './view';

const NOW_MS = Date.parse('2026-11-22T14:20:00Z');

const ago = fc
  .integer({ min: 1, max: 31_536_000 })
  .map((seconds): Bound => ({ kind: 'ago', seconds }));
const past = fc
  .integer({ min: 1, max: NOW_MS - 400 * 86_400_000 })
  .map((ms): Bound => ({ kind: 'at', ms }));
const end: fc.Arbitrary<Bound> = fc.oneof(
  fc.constant<Bound>({ kind: 'ago', seconds: 0 }),
  fc
    .integer({ min: NOW_MS - 100, max: NOW_MS + 86_400_000 })
    .map((ms): Bound => ({ kind: 'at', ms })),
);
const range: fc.Arbitrary<Range> = fc.record({ from: fc.oneof(ago, past), to: end });
const view: fc.Arbitrary<View> = fc.record({
  range,
  timeZone: fc.constantFrom('UTC', 'America/Lima', 'Europe/Berlin'),
  refreshSecs: fc.oneof(fc.constant(null), fc.integer({ min: 5, max: 3600 })),
});

describe('the view in the URL', () => {
  it('reads back as it was written, through the whole query string', () => {
    fc.assert(
      fc.property(view, (written) => {
        const search = parseSearch(stringifySearch({ ...writeView(written) }));
        expect(readView(search, NOW_MS)).toEqual({ view: written, notes: [] });
      }),
    );
  });

  it('keeps defaults out of the URL', () => {
    expect(stringifySearch({ ...writeView(DEFAULT_VIEW) })).toBe('');
    expect(readView({}, NOW_MS)).toEqual({ view: DEFAULT_VIEW, notes: [] });
  });

  it('is written so that people can read it', () => {
    const search = writeView({
      range: {
        from: { kind: 'at', ms: Date.parse('2026-11-22T10:00Z') },
        to: { kind: 'ago', seconds: 0 },
      },
      timeZone: 'America/Lima',
      refreshSecs: null,
    });
    expect(stringifySearch({ ...search })).toBe(
      '?from=2026-11-22T10:00Z&tz=America/Lima&refresh=off',
    );
  });

  it('falls back on bad values and says which', () => {
    const bad = { from: 'yesterday-ish', tz: 'Mars/Olympus', refresh: '1' };
    const { view, notes } = readView(bad, NOW_MS);
    expect(view).toEqual(DEFAULT_VIEW);
    expect(notes).toHaveLength(3);
    expect(notes.join()).toContain('yesterday-ish');
  });

  it('refuses a range that ends before it begins', () => {
    const { view, notes } = readView({ from: 'now-1h', to: 'now-2h' }, NOW_MS);
    expect(view.range).toEqual(DEFAULT_VIEW.range);
    expect(notes).toHaveLength(1);
  });

  it('never throws, whatever the parameters say', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(text, text, text, text, (from, to, tz, refresh) => {
        expect(readView({ from, to, tz, refresh }, NOW_MS).view.timeZone).not.toBe('');
      }),
    );
  });
});

describe('bounds', () => {
  it.each([
    ['now', { kind: 'ago', seconds: 0 }],
    ['now-6h', { kind: 'ago', seconds: 21_600 }],
    ['now-90m', { kind: 'ago', seconds: 5400 }],
    ['2026-11-22T10:00Z', { kind: 'at', ms: Date.parse('2026-11-22T10:00:00Z') }],
    ['2026-11-22T10:00:30+05:30', { kind: 'at', ms: Date.parse('2026-11-22T04:30:30Z') }],
  ])('%s is read', (text, bound) => {
    expect(parseBound(text)).toEqual(bound);
  });

  it.each([
    '',
    'now+1h',
    'now-h',
    '6h',
    '2026-11-22',
    '2026-11-22T10:00',
    '1763805600',
    'now-999999999w',
  ])('%j is no bound', (text) => expect(parseBound(text)).toBeNull());

  it('takes the largest unit that says it exactly', () => {
    expect(formatBound({ kind: 'ago', seconds: 86_400 })).toBe('now-1d');
    expect(formatBound({ kind: 'ago', seconds: 90 })).toBe('now-90s');
  });

  it('shifts by a share of its own length', () => {
    const hour: Range = { from: { kind: 'ago', seconds: 3600 }, to: { kind: 'ago', seconds: 0 } };
    expect(shiftRange(hour, -0.5, NOW_MS)).toEqual({
      from: { kind: 'at', ms: NOW_MS - 5_400_000 },
      to: { kind: 'at', ms: NOW_MS - 1_800_000 },
    });
  });
});

describe('the query string', () => {
  it('keeps any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (q) => {
        expect(parseSearch(stringifySearch({ q }))).toEqual({ q: q.toWellFormed() });
      }),
    );
  });

  it('leaves out what is empty', () => {
    expect(stringifySearch({ q: '', sort: undefined })).toBe('');
  });
});
