import { readRuns } from '../../console/runHistory';
import { formatAge } from '../../format/time';
import { Menu } from '../../parts/Menu';

/** Queries run before in this browser. */
export function HistoryMenu({ onPick }: { onPick: (nrql: string) => void }) {
  return (
    <Menu label="History" name="Queries run before">
      {(close) => {
        const runs = readRuns();
        if (runs.length === 0) return <p className="lo menu-note">Nothing was run yet.</p>;
        return (
          <ul className="choices history">
            {runs.map(({ nrql, atMs }) => (
              <li key={nrql}>
                <button
                  type="button"
                  onClick={() => {
                    onPick(nrql);
                    close();
                  }}
                >
                  <code>{nrql}</code>
                  <span className="lo">{formatAge((Date.now() - atMs) / 1000)} ago</span>
                </button>
              </li>
            ))}
          </ul>
        );
      }}
    </Menu>
  );
}
