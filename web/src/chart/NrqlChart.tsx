import { Link } from '@tanstack/react-router';
import { forConsole, overRange } from '../api/nrql';
import { useNrql } from '../api/queries';
import { ErrorNote, Skeleton } from '../parts/Loaded';
import { Panel } from '../parts/Panel';
import { fixedRange, formatBound } from '../url/range';
import { useView } from '../url/useView';
import { toLines } from './series';
import { TimeChart } from './TimeChart';

interface Props {
  title: string;
  note?: string;
  /** NRQL without TIMESERIES, SINCE and UNTIL: the page's range gives them. */
  query: string;
  format?: (value: number | null) => string;
  /** Renames the only series, whose own name would be the text of the aggregate. */
  seriesName?: string;
}

const HEIGHT = 200;

/** A panel with a chart of one question over the page's range. */
export function NrqlChart({ title, note, query, format, seriesName }: Props) {
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
          format={format}
          height={HEIGHT}
          onZoom={(fromMs, toMs) => setView({ range: fixedRange(fromMs, toMs) })}
        />
      )}
    </Panel>
  );
}

function renamed(lines: ReturnType<typeof toLines>, name: string | undefined) {
  if (name === undefined || lines.series.length !== 1) return lines;
  return { ...lines, series: lines.series.map((series) => ({ ...series, name })) };
}
