import { useNavigate, useSearch } from '@tanstack/react-router';
import type { QueryAnswer } from '../../api/types';
import { BarChart } from '../../chart/BarChart';
import { Billboard } from '../../chart/Billboard';
import { toLines } from '../../chart/series';
import { CHART_NAMES, type ChartKind, chartKinds, chooseChart } from '../../chart/shape';
import { TimeChart } from '../../chart/TimeChart';
import { download, toCsv } from '../../console/download';
import { counted, formatCount } from '../../format/number';
import { formatInstant } from '../../format/time';
import { Empty } from '../../parts/Loaded';
import { Panel } from '../../parts/Panel';
import { Segmented } from '../../parts/Segmented';
import { useView } from '../../url/useView';
import { RowTable } from './RowTable';

/** An answer as the picture its shape asks for, with what it cost. */
export function Results({ answer, busy }: { answer: QueryAnswer; busy: boolean }) {
  const { view: wanted } = useSearch({ from: '/query' });
  const navigate = useNavigate();
  const kinds = chartKinds(answer);
  const kind = chooseChart(answer, wanted);
  const setKind = (next: ChartKind) => {
    const view = next === kinds[0] ? undefined : next;
    void navigate({ to: '/query', search: (old) => ({ ...old, view }), replace: true });
  };
  const choice = (
    <Segmented
      name="Show as"
      options={kinds.map((value) => ({ value, label: CHART_NAMES[value] }))}
      value={kind}
      onChange={setKind}
    />
  );
  return (
    <Panel title="Result" note={counted(answer.results.length, 'row')} actions={choice} busy={busy}>
      {answer.metadata.messages.map((message) => (
        <p className="note" role="status" key={message}>
          {message}
        </p>
      ))}
      <Picture answer={answer} kind={kind} />
      <Stats answer={answer} />
    </Panel>
  );
}

function Picture({ answer, kind }: { answer: QueryAnswer; kind: ChartKind }) {
  const { view } = useView();
  const { begin_ms: fromMs, end_ms: toMs } = answer.metadata;
  if (kind === 'json') {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so the keyboard must reach it
      <pre className="json" tabIndex={0}>
        {JSON.stringify(answer.results, null, 2)}
      </pre>
    );
  }
  if (answer.results.length === 0) return <Nothing answer={answer} />;
  if (kind === 'billboard') return <Billboard answer={answer} />;
  if (kind === 'bars') return <BarChart answer={answer} />;
  if (kind === 'table') return <RowTable rows={answer.results} />;
  return (
    <TimeChart
      label="Result over time"
      lines={toLines(answer)}
      fromMs={fromMs}
      toMs={toMs}
      timeZone={view.timeZone}
      height={300}
    />
  );
}

function Nothing({ answer }: { answer: QueryAnswer }) {
  const { view } = useView();
  const { begin_ms: begin, end_ms: end, event_types: types } = answer.metadata;
  const window = `${formatInstant(begin, view.timeZone)} and ${formatInstant(end, view.timeZone)} ${view.timeZone}`;
  return (
    <Empty title="No rows">
      <p>
        Between {window}, {formatCount(answer.stats.inspected_count)} rows of {types.join(', ')}{' '}
        were read and {formatCount(answer.stats.matched_count)} met the WHERE clause.
      </p>
    </Empty>
  );
}

function Stats({ answer }: { answer: QueryAnswer }) {
  const { stats, results } = answer;
  return (
    <footer className="stats">
      <span className="lo">
        {formatCount(stats.wall_clock_ms)} ms · {counted(stats.inspected_count, 'row')} read ·{' '}
        {formatCount(stats.matched_count)} matched
      </span>
      <span className="spacer" />
      <button
        type="button"
        className="link"
        onClick={() => download('weir.csv', 'text/csv', toCsv(results))}
      >
        CSV
      </button>
      <button
        type="button"
        className="link"
        onClick={() => download('weir.json', 'application/json', JSON.stringify(results, null, 2))}
      >
        JSON
      </button>
    </footer>
  );
}
