import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { analyzeNrql } from '../api/queries';
import { useSettled } from '../parts/useSettled';

const QUIET_MS = 300;

/** What the server says about a text once nothing was typed for a moment; not asked when empty. */
export function useAnalysis(text: string) {
  const settled = useSettled(text, QUIET_MS);
  const analysis = useQuery({
    queryKey: ['analysis', settled],
    queryFn: ({ signal }) => analyzeNrql(settled, undefined, signal),
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
  });
  /** Whether the answer is about another text than this one. */
  const isBehind = text !== settled || analysis.isPlaceholderData;
  return { analysis, isBehind };
}
