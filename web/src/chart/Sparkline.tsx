interface Props {
  values: (number | null)[];
  width?: number;
  height?: number;
  /** The values at the lower and upper edge, where several lines share a scale. */
  bounds?: [number, number];
}

const INSET = 2;

/** A trend beside a number. It says nothing that the number's row does not: hidden from readers. */
export function Sparkline({ values, width = 76, height = 20, bounds }: Props) {
  const path = sparkPath(values, width, height, bounds);
  if (path === '') return <span className="spark" style={{ width, height }} aria-hidden="true" />;
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

/** Gaps stay gaps. A change under a tenth of the value looks as small as it is. */
export function sparkPath(
  values: (number | null)[],
  width: number,
  height: number,
  bounds?: [number, number],
): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const [low, spread] = bounds === undefined ? ownScale(known) : sharedScale(bounds);
  const x = (at: number) => INSET + (at / (values.length - 1)) * (width - 2 * INSET);
  const y = (value: number) => height - INSET - ((value - low) / spread) * (height - 2 * INSET);
  let pen = 'M';
  return values
    .map((value, at) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
      return step;
    })
    .join('');
}

function ownScale(known: number[]): [number, number] {
  const top = known.reduce((a, b) => Math.max(a, b));
  const bottom = known.reduce((a, b) => Math.min(a, b));
  const spread = Math.max(top - bottom, Math.abs(top) * 0.1, Number.EPSILON);
  return [(top + bottom - spread) / 2, spread];
}

function sharedScale([low, top]: [number, number]): [number, number] {
  return [low, Math.max(top - low, Number.EPSILON)];
}
