import { Link, useMatches, useParams } from '@tanstack/react-router';
import { type EntityParams, thingName } from './entity';

/** Where one is: Fleet, then the cluster, then the thing; each but the last a link. */
export function Breadcrumb() {
  const params = useParams({ strict: false }) as EntityParams;
  const { cluster } = params;
  const title = useMatches().at(-1)?.staticData.title;
  const thing = thingName(params);
  const last = thing ?? cluster ?? title;
  return (
    <nav className="breadcrumb" aria-label="Breadcrumb">
      <ol>
        {last !== undefined && (
          <li>
            <Link to="/">Fleet</Link>
          </li>
        )}
        {cluster !== undefined && thing !== undefined && (
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
