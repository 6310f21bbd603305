import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType, QueryDiagnostic } from '../api/types';
import { optionsFor } from './completion';
import { indexOfByte, toMarks } from './diagnostics';
import { columnsOf, toCsv } from './download';
import { withRun } from './runHistory';

const attribute = (name: string) => ({
  name,
  kind: 'measure',
  value_type: 'integer',
  unit: '',
  doc: '',
});
const SCHEMA: EventType[] = [
  { name: 'KafkaTopicSample', doc: '', attributes: [attribute('sizeBytes')] },
  { name: 'KafkaClusterSample', doc: '', attributes: [attribute('brokerCount')] },
];

describe('completion', () => {
  const labels = (before: string, text = before) =>
    optionsFor(before, text, SCHEMA).map(({ label }) => label);

  it('offers event types after FROM, also after a comma', () => {
    expect(labels('SELECT count(*) FROM ')).toEqual(['KafkaTopicSample', 'KafkaClusterSample']);
    expect(labels('FROM KafkaTopicSample, ')).toEqual(['KafkaTopicSample', 'KafkaClusterSample']);
  });

  it('offers the attributes of the types the query names', () => {
    const found = labels('SELECT ', 'SELECT  FROM KafkaTopicSample');
    expect(found).toContain('sizeBytes');
    expect(found).not.toContain('brokerCount');
    expect(labels('SELECT ')).toContain('brokerCount');
  });

  it('is silent inside a string', () => {
    expect(labels("SELECT count(*) FROM T WHERE a = 'or")).toEqual([]);
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

  it('counts bytes as the server does', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (before, after) => {
          const bytes = encoder.encode(before).length;
          expect(indexOfByte(before.toWellFormed() + after.toWellFormed(), bytes)).toBe(
            before.length,
          );
        },
      ),
    );
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
  it('moves a query that is run again to the front and stays bounded', () => {
    const runs = Array.from({ length: 50 }, (_, n) => ({ nrql: `q${n}`, atMs: n }));
    const next = withRun(runs, { nrql: 'q7', atMs: 99 });
    expect(next).toHaveLength(50);
    expect(next[0]).toEqual({ nrql: 'q7', atMs: 99 });
    expect(withRun(runs, { nrql: 'new', atMs: 99 })).toHaveLength(50);
  });
});
