/** A sentence of the server, with what stands between backticks as code. */
export function Marked({ text }: { text: string }) {
  return text.split('`').map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other identity
    at % 2 === 1 ? <code key={at}>{part}</code> : part,
  );
}
