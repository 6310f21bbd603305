import type { QueryAnswer, QueryRow } from '../api/types';

/** An answer with these rows; what a test does not speak of is empty. */
export function answerOf(results: QueryRow[], facets: string[] | null = null): QueryAnswer {
  return {
    results,
    current_results: null,
    previous_results: null,
    total_result: null,
    other_result: null,
    metadata: { event_types: ['T'], facets, messages: [], begin_ms: 0, end_ms: 120_000 },
    stats: { inspected_count: 0, matched_count: 0, wall_clock_ms: 0 },
  };
}

export function bucket(begin: number, rest: QueryRow): QueryRow {
  return { beginTimeSeconds: begin, endTimeSeconds: begin + 60, ...rest };
}
