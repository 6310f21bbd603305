import { type Lines, largest, lastKnown } from './series';

interface Props {
  lines: Lines;
  colors: Map<string, string>;
  format: (value: number | null) => string;
  /** The one series shown, or `null` for all. */
  alone: string | null;
  onAlone: (name: string | null) => void;
}

/** Name, last and largest value of each line; a click shows that line alone, another all again. */
export function Legend({ lines, colors, format, alone, onAlone }: Props) {
  return (
    <ul className="legend">
      {lines.series.map(({ name, values, isLowerBound }) => (
        <li key={name}>
          <button
            type="button"
            title={isLowerBound ? 'at least: it was already behind when first seen' : undefined}
            aria-pressed={alone === name}
            data-faded={alone !== null && alone !== name}
            onClick={() => onAlone(alone === name ? null : name)}
          >
            <i className="swatch" style={{ background: `var(${colors.get(name)})` }} />
            <span className="legend-name">{name}</span>
            <b>
              {isLowerBound && '≥ '}
              {format(lastKnown(values))}
            </b>
            <span className="lo">max {format(largest(values))}</span>
          </button>
        </li>
      ))}
      {lines.hiddenCount > 0 && (
        <li className="lo">
          {lines.series.length} of {lines.series.length + lines.hiddenCount} series, the largest
        </li>
      )}
    </ul>
  );
}
