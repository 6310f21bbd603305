import type { Diagnostic } from '@codemirror/lint';
import type { QueryDiagnostic } from '../api/types';

/** The server's findings as marks of the editor; its offsets are in bytes of UTF-8. */
export function toMarks(text: string, findings: readonly QueryDiagnostic[]): Diagnostic[] {
  return findings.map(({ severity, code, message, offset, length, help }) => {
    const from = Math.min(indexOfByte(text, offset), text.length);
    const to = Math.min(indexOfByte(text, offset + length), text.length);
    // A finding past the end has no width of its own: it stands on the last character.
    const start = from === to && from === text.length ? Math.max(0, from - 1) : from;
    const end = Math.max(to, Math.min(start + 1, text.length));
    const lines = [`${code}: ${message}`, ...(help ? [help] : [])];
    return { from: start, to: end, severity: kindOf(severity), message: lines.join('\n') };
  });
}

function kindOf(severity: string): Diagnostic['severity'] {
  return severity === 'error' ? 'error' : 'warning';
}

/** The position in UTF-16 units, as JavaScript counts, of a byte offset. */
export function indexOfByte(text: string, offset: number): number {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    if (bytes >= offset) return index;
    bytes += byteLength(character.codePointAt(0) ?? 0);
    index += character.length;
  }
  return index;
}

function byteLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
