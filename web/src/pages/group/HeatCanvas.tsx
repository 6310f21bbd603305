import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { readColors } from '../../chart/colors';
import { UNKNOWN } from '../../format/number';
import { formatDuration, formatInstant } from '../../format/time';
import { useResolvedTheme } from '../../parts/theme';
import { type Heat, STEP_NAMES, stepOf } from './heat';

const ROW_HEIGHT = 9;
const COLUMN_WIDTH_MAX = 120;
const TOKENS = ['--heat-0', '--heat-1', '--heat-2', '--heat-3', '--heat-4'] as const;

interface Cell {
  column: number;
  row: number;
}

/** The grid, drawn on a canvas; pointer and arrow keys read it cell by cell. */
export function HeatCanvas({ heat, timeZone }: { heat: Heat; timeZone: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useResolvedTheme();
  const [cell, setCell] = useState<Cell | null>(null);
  const height = heat.times.length * ROW_HEIGHT;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme needs new colours
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = () => draw(element, heat, height);
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [heat, height, theme]);

  const point = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - left) / columnWidth(width, heat));
    const row = Math.floor((event.clientY - top) / ROW_HEIGHT);
    setCell(inside({ column, row }, heat));
  };
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = cell ?? { column: 0, row: heat.times.length - 1 };
    const to = { column: from.column + step.column, row: from.row + step.row };
    setCell(cell === null ? from : (inside(to, heat) ?? from));
  };
  return (
    <div className="heat">
      <canvas
        ref={canvas}
        style={{ height }}
        role="img"
        aria-label={`Lag time of ${heat.partitions.length} partitions. Arrow keys read it.`}
        tabIndex={0}
        onPointerMove={point}
        onPointerLeave={() => setCell(null)}
        onKeyDown={move}
        onBlur={() => setCell(null)}
      />
      <div className="heat-foot">
        <output aria-live="polite">
          {cell === null ? extentText(heat, timeZone) : cellText(heat, cell, timeZone)}
        </output>
        <ul className="heat-legend">
          {STEP_NAMES.map((name, step) => (
            <li key={name}>
              <i style={{ background: `var(${TOKENS[step]})` }} />
              {name}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const STEPS: Record<string, Cell> = {
  ArrowLeft: { column: -1, row: 0 },
  ArrowRight: { column: 1, row: 0 },
  ArrowUp: { column: 0, row: -1 },
  ArrowDown: { column: 0, row: 1 },
};

function draw(canvas: HTMLCanvasElement, heat: Heat, height: number) {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (context === null || width === 0) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const colors = readColors(TOKENS);
  const column = columnWidth(width, heat);
  const gap = column >= 4 ? 1 : 0;
  heat.rows.forEach((values, row) => {
    values.forEach((value, at) => {
      const token = value === null ? undefined : TOKENS[stepOf(value)];
      if (token === undefined) return;
      context.fillStyle = colors[token];
      context.fillRect(at * column, row * ROW_HEIGHT, column - gap, ROW_HEIGHT - gap);
    });
  });
}

function columnWidth(width: number, heat: Heat): number {
  return Math.min(COLUMN_WIDTH_MAX, width / Math.max(1, heat.partitions.length));
}

function inside(cell: Cell, heat: Heat): Cell | null {
  const isInside = heat.rows[cell.row]?.[cell.column] !== undefined;
  return isInside ? cell : null;
}

function cellText(heat: Heat, { column, row }: Cell, timeZone: string): string {
  const value = heat.rows[row]?.[column] ?? null;
  const when = formatInstant((heat.times[row] ?? 0) * 1000, timeZone);
  const lag = value === null ? UNKNOWN : formatDuration(value);
  return `p${heat.partitions[column]} · ${when} · ${lag}`;
}

/** What the edges of the grid are, while nobody points at a cell. */
function extentText({ partitions, times }: Heat, timeZone: string): string {
  const when = (secs: number | undefined) => formatInstant((secs ?? 0) * 1000, timeZone);
  const columns = `p${partitions[0]} to p${partitions.at(-1)}`;
  return `${columns} · ${when(times[0])} to ${when(times.at(-1))}`;
}
