/** Positions in a text: the server counts bytes of UTF-8, JavaScript and the editor UTF-16 units. */

/** The position in UTF-16 units of a byte offset; the end of the text when it lies beyond. */
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

/** The byte offset of a position in UTF-16 units; inside a surrogate pair, of its character. */
export function byteOfIndex(text: string, index: number): number {
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    at += character.length;
    if (at > index) return bytes;
    bytes += byteLength(character.codePointAt(0) ?? 0);
  }
  return bytes;
}

/** Of one character; half a surrogate pair is sent as U+FFFD, which has three bytes too. */
function byteLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
