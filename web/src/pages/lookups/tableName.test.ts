import { expect, test } from 'vitest';
import { tableNameOf } from './tableName';

test('a table is called like its file, in the characters a name can have', () => {
  expect(tableNameOf('owners.csv')).toBe('owners');
  expect(tableNameOf('team owners (2026).final.csv')).toBe('team_owners_2026_final');
  expect(tableNameOf('no-ending')).toBe('no_ending');
  expect(tableNameOf('.csv')).toBe('');
});
