import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { isKnown, UNKNOWN } from '../format/number';
import { formatInstant } from '../format/time';
import { useResolvedTheme } from '../parts/theme';
import { isDashed, readColors, seriesColors } from './colors';
import { Legend } from './Legend';
import { plotOptions } from './plotOptions';
import { bridgeShortGaps, type Lines } from './series';
import { UNITS, type Unit } from './units';

export interface TimeChartProps {
  /** What the chart shows, for those who can't see it. */
  label: string;
  lines: Lines;
  /** The window in epoch milliseconds; an empty window keeps its axes. */
  fromMs: number;
  toMs: number;
  timeZone: string;
  unit?: Unit;
  height?: number;
  /** Stands below the sentence that says that nothing was found. */
  empty?: ReactNode;
  /** Called with the stretch that was dragged over; without it a drag only magnifies. */
  onZoom?: (fromMs: number, toMs: number) => void;
}

interface Cursor {
  at: number;
  left: number;
}

/** Lines over time, drawn by uPlot, with the tooltip, legend and keyboard cursor it lacks. */
export function TimeChart(props: TimeChartProps) {
  const { label, lines, fromMs, toMs, timeZone, unit = UNITS.number, height = 200 } = props;
  const { format } = unit;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const zoom = useRef(props.onZoom);
  zoom.current = props.onZoom;
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const [alone, setAlone] = useState<string | null>(null);
  const theme = useResolvedTheme();

  const names = lines.series.map((series) => series.name);
  const structure = names.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `structure` stands for the names
  const colors = useMemo(() => seriesColors(names), [structure]);
  const shown = names.includes(alone ?? '') ? alone : null;
  const data = useMemo<uPlot.AlignedData>(
    () => [lines.times, ...lines.series.map((series) => bridgeShortGaps(series.values))],
    [lines],
  );
  const window = useRef({ fromMs, toMs, data });
  window.current = { fromMs, toMs, data };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `structure` stands for the names; a new theme needs new colours
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const ink = readColors(['--line', '--lo']);
    const tokens = readColors([...colors.values()]);
    const series = names.map((name, at) => ({
      name,
      color: tokens[colors.get(name) ?? '--s1'] ?? 'currentColor',
      dashed: isDashed(at),
    }));
    const options = plotOptions({
      width: element.clientWidth,
      height,
      series,
      lineColor: ink['--line'],
      textColor: ink['--lo'],
      timeZone,
      unit,
      window: () => window.current,
      onCursor: setCursor,
      onZoom: (from, to) => zoom.current?.(from, to),
      canZoom: zoom.current !== undefined,
    });
    const made = new uPlot(options, window.current.data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [structure, theme, timeZone, height, unit]);

  useEffect(() => {
    plot.current?.setData(data, false);
    plot.current?.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
  }, [data, fromMs, toMs]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot made anew starts with every line shown
  useEffect(() => {
    names.forEach((name, at) => {
      plot.current?.setSeries(at + 1, { show: shown === null || shown === name });
    });
  }, [shown, structure, theme, timeZone, height]);

  const moveCursor = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || lines.times.length === 0) return;
    event.preventDefault();
    const last = lines.times.length - 1;
    const at = Math.min(last, Math.max(0, (cursor?.at ?? (step < 0 ? last + 1 : -1)) + step));
    const left = plot.current?.valToPos(lines.times[at] ?? 0, 'x') ?? 0;
    plot.current?.setCursor({ left, top: 10 });
    setCursor({ at, left });
  };

  const rows = cursor === null ? [] : valuesAt(lines, data, cursor.at, shown);
  return (
    <div className="chart">
      <div
        className="plot"
        ref={holder}
        role="img"
        aria-label={`${label}. Left and right arrow keys read its values.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor of the chart
        tabIndex={0}
        onKeyDown={moveCursor}
        onBlur={() => setCursor(null)}
      />
      {cursor !== null && rows.length > 0 && (
        <Tooltip
          rows={rows}
          colors={colors}
          format={format}
          when={formatInstant((lines.times[cursor.at] ?? 0) * 1000, timeZone)}
          left={cursor.left}
          width={plot.current?.over.clientWidth ?? 0}
          inset={plot.current?.over.offsetLeft ?? 0}
        />
      )}
      {lines.series.length === 0 && (
        <div className="plot-empty">
          <p>No data in this range</p>
          {props.empty}
        </div>
      )}
      <Legend lines={lines} colors={colors} format={format} alone={shown} onAlone={setAlone} />
    </div>
  );
}

interface TooltipProps {
  rows: { name: string; value: number | null }[];
  colors: Map<string, string>;
  format: (value: number | null) => string;
  when: string;
  left: number;
  width: number;
  inset: number;
}

const TOOLTIP_ROWS_MAX = 12;

function Tooltip({ rows, colors, format, when, left, width, inset }: TooltipProps) {
  const side = left > width / 2 ? { right: width - left + 12 } : { left: inset + left + 12 };
  return (
    <div className="plot-tip" style={side} aria-live="polite">
      <time>{when}</time>
      <dl>
        {rows.slice(0, TOOLTIP_ROWS_MAX).map(({ name, value }) => (
          <div key={name}>
            <dt>
              <i className="swatch" style={{ background: `var(${colors.get(name)})` }} />
              {name}
            </dt>
            <dd>{isKnown(value) ? format(value) : UNKNOWN}</dd>
          </div>
        ))}
      </dl>
      {rows.length > TOOLTIP_ROWS_MAX && <p>and {rows.length - TOOLTIP_ROWS_MAX} more</p>}
    </div>
  );
}

/** Largest first, unknown last. Between two samples counts the one before. */
function valuesAt(lines: Lines, data: uPlot.AlignedData, at: number, alone: string | null) {
  return lines.series
    .map(({ name }, position) => ({ name, value: sampleAt(data[position + 1], at) }))
    .filter(({ name }) => alone === null || name === alone)
    .sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY));
}

/** `undefined` is a bucket the line passes over; `null` is a gap. */
function sampleAt(values: ArrayLike<number | null | undefined> | undefined, at: number) {
  let position = at;
  while (position > 0 && values?.[position] === undefined) position -= 1;
  return values?.[position] ?? null;
}
