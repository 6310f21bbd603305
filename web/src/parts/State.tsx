import type { Freshness, Health, Status as StatusWord } from '../api/types';
import { formatCount } from '../format/number';
import { otherReasons } from '../format/reasons';
import { formatAge, formatInstant } from '../format/time';
import { useView } from '../url/useView';
import { useElapsedSecs } from './elapsed';
import { sentence } from './Loaded';
import { pastWord, Status, statusWord } from './Status';

/** The status of a thing, and its health where a score is known. */
export function HealthStatus({ of }: { of: Health & Freshness & { status: StatusWord } }) {
  const { status, health_score: score } = of;
  const word = score === null ? pastWord(of) : `${statusWord(status)} ${formatCount(score)}/100`;
  return <Status status={status} word={word} />;
}

/** Says that a page shows old knowledge, or a thing that is gone, in the server's own words. */
export function StaleNote({ of }: { of: Freshness & Health & { reasons: string[] } }) {
  const { view } = useView();
  if (!of.gone && !of.stale) return null;
  const { age } = otherReasons(of);
  return (
    <p className="note" role="status">
      {of.gone
        ? 'It is gone: its cluster has answered since and no longer shows it.'
        : `${sentence(age ?? 'what is shown is old')}.`}{' '}
      <span className="lo">
        {formatInstant(of.known_at_ms, view.timeZone)} {view.timeZone}
      </span>
    </p>
  );
}

/** A page's own age, for its headline; how long it is silent stands in the note. */
export function Updated({ of }: { of: Freshness }) {
  const elapsed = useElapsedSecs();
  return of.stale ? 'silent' : `${formatAge(of.age_secs + elapsed)} ago`;
}
