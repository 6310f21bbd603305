import type { Freshness } from '../api/types';
import { formatAge, formatInstant } from '../format/time';
import { useView } from '../url/useView';
import { useElapsedSecs } from './elapsed';

/** How long ago what is shown was known; the instant is in the tooltip. */
export function Age({ of }: { of: Freshness }) {
  const { view } = useView();
  const elapsed = useElapsedSecs();
  const title = `known at ${formatInstant(of.known_at_ms, view.timeZone)} ${view.timeZone}`;
  return (
    <span className={of.stale ? 'age stale' : 'age'} title={title}>
      {formatAge(of.age_secs + elapsed)}
      {of.stale && <span className="hidden"> stale</span>}
    </span>
  );
}
