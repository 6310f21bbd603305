import { Link } from '@tanstack/react-router';
import { forConsole, overRange } from '../api/nrql';
import { useNrql, type WhyQuery } from '../api/queries';
import type { QueryAnswer } from '../api/types';
import { ErrorNote, Skeleton } from '../parts/Loaded';
import { Panel } from '../parts/Panel';
import { WhyEmpty } from '../parts/WhyEmpty';
import { fixedRange, formatBound } from '../url/range';
import { useView } from '../url/useView';
import { toLines } from './series';
import { TimeChart } from './TimeChart';
import { UNITS } from './units';

interface Props {
  title: string;
  note?: string;
  /** NRQL without TIMESERIES, SINCE and UNTIL: the page's range gives them. */
  query: string;
  /** What is missing when the chart is empty. */
  about: WhyQuery;
  /** The one thing the chart is of, when that is not a whole cluster. */
  thing?: string;
  unit: keyof typeof UNITS;
  /** Renames the only series, whose own name would be the text of the aggregate. */
  seriesName?: string;
}

const HEIGHT = 200;

/** A panel with a chart of one question over the page's range. */
export function NrqlChart({ title, note, query, about, thing, unit, seriesName }: Props) {
  const { view, setView } = useView();
  const { range } = view;
  const key = [query, formatBound(range.from), formatBound(range.to)];
  const answer = useNrql(key, (nowMs) => overRange(query, range, nowMs));
  const link = (
    <Link to="/query" search={{ q: forConsole(query, range) }} className="quiet-link">
      Open in Query
    </Link>
  );
  return (
    <Panel
      title={title}
      note={note}
      actions={link}
      busy={answer.isFetching && answer.isPlaceholderData}
    >
      {answer.data === undefined ? (
        <div style={{ minHeight: HEIGHT }}>
          {answer.error ? (
            <ErrorNote error={answer.error} onRetry={() => answer.refetch()} />
          ) : (
            <Skeleton rows={1} height={HEIGHT} />
          )}
        </div>
      ) : (
        <TimeChart
          label={title}
          lines={renamed(toLines(answer.data), seriesName)}
          fromMs={answer.data.metadata.begin_ms}
          toMs={answer.data.metadata.end_ms}
          timeZone={view.timeZone}
          unit={UNITS[unit]}
          height={HEIGHT}
          empty={<WhyEmpty of={windowed(about, answer.data)} thing={thing} />}
          onZoom={(fromMs, toMs) => setView({ range: fixedRange(fromMs, toMs) })}
        />
      )}
    </Panel>
  );
}

/** Asked about the range as the person chose it; its end need not be the present. */
function windowed(about: WhyQuery, { metadata }: QueryAnswer): WhyQuery {
  return { ...about, from_ms: metadata.begin_ms, to_ms: metadata.end_ms };
}

function renamed(lines: ReturnType<typeof toLines>, name: string | undefined) {
  if (name === undefined || lines.series.length !== 1) return lines;
  return { ...lines, series: lines.series.map((series) => ({ ...series, name })) };
}
