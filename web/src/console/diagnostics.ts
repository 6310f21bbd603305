import type { Diagnostic } from '@codemirror/lint';
import type { QueryDiagnostic } from '../api/types';
import { indexOfByte } from './positions';

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
