/** The rows of an answer as files. */

import type { QueryRow } from '../api/types';

/** RFC 4180; a value with structure stands as JSON in its cell. */
export function toCsv(rows: QueryRow[]): string {
  const columns = columnsOf(rows);
  const lines = [columns, ...rows.map((row) => columns.map((column) => cellText(row[column])))];
  return lines.map((cells) => cells.map(escaped).join(',')).join('\r\n');
}

/** The keys of all rows, in the order they first appear. */
export function columnsOf(rows: QueryRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

export function download(name: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function escaped(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
