/** Which of a thing's reasons say more than its health findings do. */

interface Reasoned {
  reasons: string[];
  health_findings: { text: string }[];
  stale: boolean;
}

/** The reasons no rule gave; of something stale the last one says how old it is. */
export function otherReasons(of: Reasoned): { others: string[]; age: string | undefined } {
  const others = of.reasons.filter((reason) =>
    of.health_findings.every(({ text }) => text !== reason),
  );
  return of.stale
    ? { others: others.slice(0, -1), age: others.at(-1) }
    : { others, age: undefined };
}

/**
 * Errors of several brokers, `address: reason; address: reason`, with each reason once: that of
 * others with the same reason is left out, and the addresses are told together.
 */
export function withoutRepeats(error: string): string {
  const parts = error.split('; ').map(splitAtAddress);
  const byReason = new Map<string, string[]>();
  for (const { address, reason } of parts) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), ...(address ? [address] : [])]);
  }
  if (byReason.size === parts.length) return error;
  return [...byReason]
    .map(([reason, addresses]) => [shortened(addresses), reason].filter(Boolean).join(': '))
    .join('; ');
}

const NAMED = 3;

function shortened(addresses: string[]): string {
  const more = addresses.length - NAMED;
  const named = addresses.slice(0, NAMED).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}

/** The address with what leads to it, and the reason without how soon it is tried again. */
function splitAtAddress(part: string): { address: string; reason: string } {
  const [, address = '', reason = part] = /^(.*?\S+:\d+): (.*)$/.exec(part) ?? [];
  return { address, reason: reason.replace(/ \(tried again in [^)]*\)$/, '') };
}
