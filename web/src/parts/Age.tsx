import type { Freshness } from '../api/types';
import { formatAge, formatInstant } from '../format/time';
import { useView } from '../url/useView';

/** How long ago a thing was sampled; the instant is in the tooltip. */
export function Age({ of }: { of: Freshness }) {
  const { view } = useView();
  const title = `last sample ${formatInstant(of.sampled_at_ms, view.timeZone)} ${view.timeZone}`;
  return (
    <span className={of.stale ? 'age stale' : 'age'} title={title}>
      {formatAge(of.age_secs)}
      {of.stale && <span className="hidden"> stale</span>}
    </span>
  );
}
