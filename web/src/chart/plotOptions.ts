import uPlot from 'uplot';
import type { Unit } from './units';

export interface PlotSettings {
  width: number;
  height: number;
  series: { name: string; color: string; dashed: boolean }[];
  lineColor: string;
  textColor: string;
  timeZone: string;
  unit: Unit;
  /** The window of the page at the moment of asking. */
  window: () => { fromMs: number; toMs: number };
  onCursor: (cursor: { at: number; left: number } | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  /** Whether a drag leaves the chart's own hands. */
  canZoom: boolean;
}

const FONT = '11px Inter, system-ui, sans-serif';
const AXIS_WIDTH_MIN = 44;
const AXIS_GAP = 14;

/** uPlot's settings in the house's manner: thin lines, no smoothing, gaps stay gaps, y from zero. */
export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { width, height, series, timeZone, window, unit } = settings;
  const axis = axisLook(settings);
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      points: { size: 6 },
      y: false,
      drag: { x: true, y: false, setScale: !settings.canZoom },
      sync: { key: 'weir', setSeries: false },
    },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
    scales: {
      x: { time: true, min: window().fromMs / 1000, max: window().toMs / 1000 },
      y: { range: (_plot, low, high) => yRange(low, high) },
    },
    series: [
      {},
      ...series.map(
        ({ name, color, dashed }): uPlot.Series => ({
          label: name,
          stroke: color,
          width: 1.6,
          dash: dashed ? [5, 4] : undefined,
          points: { size: 4, fill: color, filter: lonelyPoints },
          fill: series.length === 1 ? withAlpha(color, 0.12) : undefined,
        }),
      ),
    ],
    axes: [
      { ...axis, size: 40, space: 80, values: timeLabels },
      {
        ...axis,
        space: 36,
        incrs: unit.tickSteps,
        values: (_plot, ticks) => ticks.map((tick) => unit.tick(tick)),
        size: (plot, labels) => axisWidth(plot, labels),
      },
    ],
    hooks: {
      setCursor: [(plot) => settings.onCursor(cursorOf(plot))],
      setSelect: [(plot) => settings.canZoom && zoomTo(plot, settings.onZoom)],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => showWindow(plot, window()))],
    },
  };
}

function axisLook({ lineColor, textColor }: PlotSettings): uPlot.Axis {
  const line = { stroke: lineColor, width: 1 };
  return { font: FONT, stroke: textColor, grid: line, ticks: { ...line, size: 4 }, gap: 6 };
}

const DATE = '\n{MMM} {D}';

/** 24-hour clock; the date stands under the first label and where a day begins. */
const timeLabels: uPlot.Axis.Values = [
  [86_400, '{MMM} {D}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', DATE, null, DATE, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', DATE, null, DATE, null, null, null, 1],
];

/** From zero, with a little air above; a line of zeros lies on the ground. */
function yRange(low: number | null, high: number | null): [number, number] {
  const bottom = Math.min(0, low ?? 0);
  const top = Math.max(0, high ?? 0);
  return top === bottom
    ? [bottom, bottom + 1]
    : (uPlot
        .rangeNum(bottom, top, 0.08, true)
        .map((edge, at) => (at === 0 && bottom === 0 ? 0 : (edge ?? 0))) as [number, number]);
}

/** A sample with a gap on both sides has no line: it needs its dot. */
function lonelyPoints(plot: uPlot, at: number): number[] {
  const values = plot.data[at] ?? [];
  const isGap = (value: number | null | undefined) => value === null || value === undefined;
  const lonely: number[] = [];
  for (let n = 0; n < values.length; n += 1) {
    if (!isGap(values[n]) && values[n - 1] === null && values[n + 1] === null) lonely.push(n);
  }
  return lonely;
}

function axisWidth(plot: uPlot, labels: string[] | null): number {
  if (labels === null) return AXIS_WIDTH_MIN;
  plot.ctx.font = FONT;
  const widest = Math.max(0, ...labels.map((label) => plot.ctx.measureText(label).width));
  return Math.max(AXIS_WIDTH_MIN, Math.ceil(widest) + AXIS_GAP);
}

function cursorOf(plot: uPlot): { at: number; left: number } | null {
  const { idx, left } = plot.cursor;
  // Charts share their cursor; the tooltip belongs to the one that is pointed at or read by keys.
  if (!plot.root.parentElement?.matches(':hover, :focus-visible')) return null;
  return idx === null || idx === undefined || left === undefined || left < 0
    ? null
    : { at: idx, left };
}

function zoomTo(plot: uPlot, onZoom: PlotSettings['onZoom']) {
  const { left, width } = plot.select;
  if (width < 4) return;
  onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function showWindow(plot: uPlot, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  plot.setScale('x', { min: fromMs / 1000, max: toMs / 1000 });
}

function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`;
}
