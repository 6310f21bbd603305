import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useServerStatus } from '../api/queries';
import { FreshnessDot } from './FreshnessDot';
import { ThemeToggle } from './ThemeToggle';

const ITEMS = [
  { to: '/', label: 'Fleet', icon: <path d="M2 3h5v4H2zM9 3h5v4H9zM2 9h5v4H2zM9 9h5v4H9z" /> },
  { to: '/groups', label: 'Groups', icon: <path d="M2 13V3m0 10h12M5 11V8m3 3V5m3 6V9m3 2V4" /> },
  { to: '/topics', label: 'Topics', icon: <path d="M2 4h12M2 8h12M2 12h8" /> },
  { to: '/brokers', label: 'Brokers', icon: <path d="M2 3h12v4H2zM2 9h12v4H2zM5 5h.1M5 11h.1" /> },
  { to: '/query', label: 'Query', icon: <path d="m3 5 3 3-3 3m5 1h5" /> },
  { to: '/lookups', label: 'Lookups', icon: <path d="M2 3h12v10H2zM2 6h12M6 6v7" /> },
  {
    to: '/sources',
    label: 'Sources',
    icon: <path d="M5 2v4m6-4v4M3 6h10v2a5 5 0 0 1-10 0zm5 7v2" />,
  },
] as const;

/** The places to go, and at its foot how fresh all of it is. */
export function Rail({ onShortcuts }: { onShortcuts: () => void }) {
  const status = useServerStatus();
  return (
    <aside className="rail">
      <Link to="/" className="brand" aria-label="Weir, home">
        <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
          <path d="M3 11c4.3 0 4.3 4 8.6 4s4.3-4 8.7-4 4.3 4 8.7 4M3 20c4.3 0 4.3 4 8.6 4s4.3-4 8.7-4 4.3 4 8.7 4" />
        </svg>
        <span>weir</span>
      </Link>
      <nav aria-label="Main">
        {ITEMS.map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            title={label}
          >
            <Icon>{icon}</Icon>
            <span>{label}</span>
          </Link>
        ))}
      </nav>
      <footer>
        {status.data && <span className="environment">{status.data.environment}</span>}
        <FreshnessDot />
        <ThemeToggle />
        <p className="lo build">
          {status.data ? `weir ${status.data.version}` : 'weir'}
          <button type="button" className="link" onClick={onShortcuts}>
            shortcuts <kbd>?</kbd>
          </button>
        </p>
      </footer>
    </aside>
  );
}

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className="icon">
      {children}
    </svg>
  );
}
