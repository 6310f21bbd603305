import type { QueryAnswer } from '../api/types';
import { formatNumber } from '../format/number';
import { Known } from '../parts/Known';
import { facetLabel, numbersOf, valueColumns } from './series';

const BARS_MAX = 50;

/** One number a facet, as bars from zero; in the order of the answer. */
export function BarChart({ answer }: { answer: QueryAnswer }) {
  const columns = valueColumns(answer);
  const bars = answer.results.slice(0, BARS_MAX).map((row) => ({
    label: facetLabel(row) ?? '',
    value: numbersOf(row, columns)[0]?.[1] ?? null,
  }));
  const largest = bars.reduce((top, { value }) => Math.max(top, Math.abs(value ?? 0)), 0);
  return (
    <table className="bars">
      <caption className="hidden">{columns.join(', ')}</caption>
      <tbody>
        {bars.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="bar-cell" aria-hidden="true">
              <i
                style={{ width: `${largest === 0 ? 0 : (Math.abs(value ?? 0) / largest) * 100}%` }}
              />
            </td>
            <td data-numeric="true">
              <Known value={value} why="null">
                {formatNumber(value ?? 0)}
              </Known>
            </td>
          </tr>
        ))}
      </tbody>
      {answer.results.length > BARS_MAX && (
        <tfoot>
          <tr>
            <td colSpan={3} className="lo">
              {BARS_MAX} of {answer.results.length}; the table shows all
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
