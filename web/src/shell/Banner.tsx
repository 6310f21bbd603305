import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useClusters, useServerStatus, useSources } from '../api/queries';
import { Status } from '../parts/Status';
import { worstNews } from './bannerNews';

/** One banner at a time. Dismissed, it stays away until there is other news. */
export function Banner() {
  const status = useServerStatus();
  const clusters = useClusters();
  const sources = useSources();
  const [dismissed, setDismissed] = useState('');
  const news = worstNews(status.data, clusters.data?.items ?? [], sources.data?.items ?? []);
  if (news === null) return null;
  const identity = `${news.subject} ${news.text}`;
  if (identity === dismissed) return null;
  return (
    <div className="banner" data-severity={news.severity} role="status">
      <Status status={news.severity} />
      <p>
        <b>{news.subject}</b> {news.text}
        {news.cluster !== undefined && (
          <>
            {'. '}
            <Link to="/clusters/$cluster" params={{ cluster: news.cluster }}>
              Open cluster
            </Link>
          </>
        )}
        {news.source !== undefined && (
          <>
            {'. '}
            <Link to="/sources">What to do</Link>
          </>
        )}
      </p>
      <button
        type="button"
        className="button quiet"
        aria-label="Dismiss"
        onClick={() => setDismissed(identity)}
      >
        ×
      </button>
    </div>
  );
}
