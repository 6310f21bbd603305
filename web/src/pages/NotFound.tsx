import { Link, useLocation } from '@tanstack/react-router';

export function NotFound() {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <section className="empty page-empty">
      <h1>There is no page here</h1>
      <p>
        Nothing lives at <code>{path}</code>. Pages that exist:
      </p>
      <ul>
        <li>
          <Link to="/">Fleet</Link>: all clusters
        </li>
        <li>
          <Link to="/groups">Groups</Link>: consumer groups and their lag
        </li>
        <li>
          <Link to="/topics">Topics</Link>, <Link to="/brokers">Brokers</Link> and{' '}
          <Link to="/clusters">Clusters</Link>: of the whole fleet
        </li>
        <li>
          <Link to="/query">Query</Link>: ask in NRQL
        </li>
        <li>
          <Link to="/sources">Sources</Link>: where the data comes from
        </li>
      </ul>
    </section>
  );
}
