import type { QueryAnswer } from '../api/types';
import { formatNumber } from '../format/number';
import { Known } from '../parts/Known';
import { valueColumns } from './series';

/** One row of aggregates as large figures. */
export function Billboard({ answer }: { answer: QueryAnswer }) {
  const row = answer.results[0] ?? {};
  const figures = valueColumns(answer).flatMap((column) => figuresOf(column, row[column]));
  return (
    <dl className="billboard">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Known value={value} why="nothing to aggregate">
              {typeof value === 'number' ? formatNumber(value) : String(value)}
            </Known>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A percentile's map is one figure a threshold. */
function figuresOf(column: string, value: unknown): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [[column, value]];
  return Object.entries(value).map(([key, part]) => [`${column} ${key}`, part]);
}
