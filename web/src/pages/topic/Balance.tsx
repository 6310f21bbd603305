import type { Partition } from '../../api/types';
import { formatBytes, formatShort, isKnown } from '../../format/number';
import { Panel } from '../../parts/Panel';
import { balanceOf } from './balance';

/** How evenly the topic is spread over its partitions: one bar each. */
export function Balance({ partitions }: { partitions: Partition[] }) {
  const balance = balanceOf(partitions);
  if (balance === null) return null;
  const { unit, bars, largest, skew } = balance;
  const format =
    unit === 'bytes' ? formatBytes : (value: number) => `${formatShort(value)} offsets`;
  return (
    <Panel
      title="Balance"
      note={`${unit === 'bytes' ? 'bytes of the leaders' : 'offsets kept'}, the largest ${formatShort(skew)}× the mean`}
    >
      <div
        className="balance"
        role="img"
        aria-label={`The largest is ${formatShort(skew)} times the mean`}
      >
        {bars.map(({ partition, value }) => (
          <i
            key={partition}
            title={`partition ${partition}: ${isKnown(value) ? format(value) : 'not known'}`}
            data-hot={isKnown(value) && value > HOT * balance.mean}
            style={{ height: `${isKnown(value) ? Math.max(2, (100 * value) / largest) : 0}%` }}
          />
        ))}
      </div>
    </Panel>
  );
}

/** A partition with so many times the mean is one to look at. */
const HOT = 2;
