import { Link, useMatches, useParams } from '@tanstack/react-router';

/** Where one is: Fleet, then the cluster, then the thing; each but the last a link. */
export function Breadcrumb() {
  const { cluster, group } = useParams({ strict: false }) as { cluster?: string; group?: string };
  const title = useMatches().at(-1)?.staticData.title;
  const last = group ?? cluster ?? title;
  return (
    <nav className="breadcrumb" aria-label="Breadcrumb">
      <ol>
        {last !== undefined && (
          <li>
            <Link to="/">Fleet</Link>
          </li>
        )}
        {cluster !== undefined && group !== undefined && (
          <li>
            <Link to="/clusters/$cluster" params={{ cluster }}>
              {cluster}
            </Link>
          </li>
        )}
        <li aria-current="page">{last ?? 'Fleet'}</li>
      </ol>
    </nav>
  );
}
