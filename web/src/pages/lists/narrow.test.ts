import { describe, expect, it } from 'vitest';
import type { Column } from '../../parts/Table';
import { narrowed } from './narrow';

const COLUMNS = [
  { id: 'topic', header: '', field: 'name', cell: () => null },
  { id: 'status', header: '', field: 'worst', cell: () => null },
  { id: 'size', header: '', field: 'size_bytes', cell: () => null },
  { id: 'host', header: '', cell: () => null },
] satisfies Column<object>[];
const WORST = { column: 'status', descending: false };

describe('a list that was cut', () => {
  it('is not asked for again in the order it came in', () => {
    expect(narrowed('', WORST, COLUMNS, ['eu'])).toBeNull();
    expect(narrowed('', { column: 'host', descending: true }, COLUMNS, ['eu'])).toBeNull();
  });

  it('is asked for by the field of the column', () => {
    const bySize = { column: 'size', descending: true };
    expect(narrowed('', bySize, COLUMNS, [])).toEqual({ q: undefined, sort: '-size_bytes' });
    const best = { column: 'status', descending: true };
    expect(narrowed('', best, COLUMNS, [])?.sort).toBe('-worst');
  });

  it('is asked for by what it is narrowed to, in the order that is chosen', () => {
    expect(narrowed('', WORST, COLUMNS, [], { status: 'stale' })?.status).toBe('stale');
    expect(narrowed('', WORST, COLUMNS, [], { sort: '-offline' })?.sort).toBe('-offline');
    const bySize = { column: 'size', descending: true };
    expect(narrowed('', bySize, COLUMNS, [], { sort: '-offline' })?.sort).toBe('-size_bytes');
  });

  it('is asked for by the longest word that names no cluster', () => {
    expect(narrowed('orders-eu  Pay audit', WORST, COLUMNS, ['orders-eu'])?.q).toBe('audit');
    expect(narrowed('orders', WORST, COLUMNS, ['orders-eu'])).toBeNull();
  });
});
