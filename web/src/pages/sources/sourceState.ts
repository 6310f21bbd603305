/** What is to be said of a source. */

import type { Source, Status } from '../../api/types';
import { statusRank } from '../../parts/Status';

const STATES: Record<string, { status: Status; word: string; sentence: string }> = {
  ok: { status: 'ok', word: 'Answers', sentence: 'The last cycle was answered.' },
  partial: {
    status: 'warning',
    word: 'Partial',
    sentence: 'It answers in part: what is missing is marked as unknown or stale.',
  },
  failing: {
    status: 'critical',
    word: 'Failing',
    sentence: 'The last cycle got no answer; it is tried again each interval.',
  },
  starting: { status: 'unknown', word: 'Starting', sentence: 'Its first cycle has not ended.' },
};

export function sourceState({ state }: Pick<Source, 'state'>) {
  return STATES[state] ?? { status: 'unknown' as const, word: state, sentence: '' };
}

/** Those that fail come first; else they stand as they are configured. */
export function worstFirst<T extends Pick<Source, 'state'>>(sources: T[]): T[] {
  const rank = (source: T) => statusRank(sourceState(source).status);
  return [...sources].sort((a, b) => rank(a) - rank(b));
}
