import { type FormEvent, useState } from 'react';
import { formatInstant, formatRange, inWords } from '../format/time';
import { Menu } from '../parts/Menu';
import { Segmented } from '../parts/Segmented';
import { type Bound, lastSeconds, parseBound, resolveRange, sameRange } from '../url/range';
import { useView } from '../url/useView';

const PRESETS_SECS = [900, 3600, 21_600, 86_400] as const;

/** Chooses the range of the page and the zone its times are shown in. */
export function TimePicker() {
  const { view, setView } = useView();
  const label = (
    <>
      <span>{formatRange(view.range, view.timeZone)}</span>
      <span className="lo zone">{shortZone(view.timeZone)}</span>
    </>
  );
  return (
    <Menu
      id="time-picker"
      label={label}
      name={`Time range: ${formatRange(view.range, view.timeZone)}`}
    >
      {(close) => (
        <div className="time-picker">
          <ul>
            {PRESETS_SECS.map((seconds) => (
              <li key={seconds}>
                <button
                  type="button"
                  aria-pressed={sameRange(view.range, lastSeconds(seconds))}
                  onClick={() => {
                    setView({ range: lastSeconds(seconds) });
                    close();
                  }}
                >
                  Last {inWords(seconds)}
                </button>
              </li>
            ))}
          </ul>
          <FixedRange onDone={close} />
          <Zone />
        </div>
      )}
    </Menu>
  );
}

function FixedRange({ onDone }: { onDone: () => void }) {
  const { view, setView } = useView();
  const [problem, setProblem] = useState<string | null>(null);
  const { fromMs, toMs } = resolveRange(view.range, Date.now());

  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const from = readTyped(String(form.get('from')));
    const to = readTyped(String(form.get('to')));
    if (from === null || to === null) {
      setProblem('Write 2026-11-22 10:00 or now-6h.');
      return;
    }
    const window = resolveRange({ from, to }, Date.now());
    if (window.fromMs >= window.toMs) {
      setProblem('The end must be after the beginning.');
      return;
    }
    setView({ range: { from, to } });
    onDone();
  };
  return (
    <form onSubmit={apply}>
      <label>
        From
        <input name="from" defaultValue={typed(view.range.from, fromMs)} spellCheck={false} />
      </label>
      <label>
        To
        <input name="to" defaultValue={typed(view.range.to, toMs)} spellCheck={false} />
      </label>
      <p className="lo">In UTC, or relative: now-6h, now.</p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary">
        Apply
      </button>
    </form>
  );
}

function Zone() {
  const { view, setView } = useView();
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set(['UTC', local, view.timeZone])];
  return (
    <div className="zone-choice">
      <span className="lo">Show times in</span>
      <Segmented
        name="Time zone"
        options={zones.map((zone) => ({ value: zone, label: shortZone(zone), title: zone }))}
        value={view.timeZone}
        onChange={(timeZone) => setView({ timeZone })}
      />
    </div>
  );
}

/** What people type: an instant with a blank in it and without a zone is meant in UTC. */
function readTyped(text: string): Bound | null {
  const bound = parseBound(text.trim());
  if (bound) return bound;
  const instant = text.trim().replace(/\s+/, 'T');
  return parseBound(`${instant}Z`) ?? parseBound(`${instant}T00:00Z`);
}

function typed(bound: Bound, ms: number): string {
  if (bound.kind === 'ago' && bound.seconds === 0) return 'now';
  return formatInstant(ms, 'UTC');
}

function shortZone(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
}
