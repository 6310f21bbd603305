import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { refreshAll } from '../api/queries';
import { Menu } from '../parts/Menu';
import { useView } from '../url/useView';

const CHOICES_SECS = [null, 5, 10, 30] as const;

/** Asks again now, or every so many seconds. */
export function RefreshPicker() {
  const { view, setView } = useView();
  const client = useQueryClient();
  const busy = useIsFetching() > 0;
  return (
    <div className="refresh">
      <button
        type="button"
        className="button"
        aria-label="Refresh now"
        title="Refresh now (r)"
        onClick={() => void refreshAll(client)}
      >
        <svg
          viewBox="0 0 16 16"
          width="14"
          height="14"
          aria-hidden="true"
          className="icon"
          data-busy={busy}
        >
          <path d="M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5v3h-3" />
        </svg>
      </button>
      <Menu
        label={<span>{inShort(view.refreshSecs)}</span>}
        name={`Refresh: ${view.refreshSecs === null ? 'off' : `every ${view.refreshSecs} seconds`}`}
      >
        {(close) => (
          <ul className="choices">
            {CHOICES_SECS.map((refreshSecs) => (
              <li key={refreshSecs ?? 'off'}>
                <button
                  type="button"
                  aria-pressed={refreshSecs === view.refreshSecs}
                  onClick={() => {
                    setView({ refreshSecs });
                    close();
                  }}
                >
                  {refreshSecs === null ? 'Off' : `Every ${refreshSecs} s`}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Menu>
    </div>
  );
}

function inShort(refreshSecs: number | null): string {
  return refreshSecs === null ? 'off' : `${refreshSecs} s`;
}
