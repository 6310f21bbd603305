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
