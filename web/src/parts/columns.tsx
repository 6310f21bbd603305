/** The columns that every table of Kafka's things has in the same form. */

import type { Freshness, Status as StatusWord } from '../api/types';
import { Sparkline } from '../chart/Sparkline';
import { formatCount } from '../format/number';
import { Age } from './Age';
import { ClusterLink } from './EntityLink';
import { Known } from './Known';
import { Reasons } from './Reasons';
import { Status, statusRank } from './Status';
import type { Column } from './Table';

interface FigureOptions<Row> {
  id: string;
  header: string;
  of: (row: Row) => number | null;
  format?: (value: number | null) => string;
  hint?: string;
  /** Why there may be none. */
  why?: string;
  /** The server's name of the number. */
  field?: string;
  /** Steps back when it is 0. */
  quietZero?: boolean;
}

/** A right-aligned number. */
export function figure<Row>(options: FigureOptions<Row>): Column<Row> {
  const { id, header, of, format = formatCount, hint, why, field, quietZero } = options;
  return {
    id,
    header,
    hint,
    field,
    numeric: true,
    key: of,
    cell: (row) => (
      <Known value={of(row)} why={why}>
        <span className={quietZero && of(row) === 0 ? 'zero' : undefined}>{format(of(row))}</span>
      </Known>
    ),
  };
}

/** A word or a name of Kafka's, in fixed width. */
export function text<Row>(
  id: string,
  header: string,
  of: (row: Row) => string | null,
  why?: string,
): Column<Row> {
  return {
    id,
    header,
    key: of,
    cell: (row) => (
      <Known value={of(row)} why={why}>
        <span className="mono">{of(row)}</span>
      </Known>
    ),
  };
}

/** The status with its worst reason; takes the room that is left. */
export function statusAndReasons<Row extends Parameters<typeof Reasons>[0]['of']>(): Column<Row> {
  return {
    id: 'status',
    header: 'Status',
    field: 'worst',
    grows: true,
    key: (row) => statusRank(row.status),
    cell: (row) => <Reasons of={row} />,
  };
}

export function status<Row extends { status: StatusWord }>(): Column<Row> {
  return {
    id: 'status',
    header: 'Status',
    field: 'worst',
    key: (row) => statusRank(row.status),
    cell: (row) => <Status status={row.status} />,
  };
}

export function health<Row extends { health_score: number | null }>(): Column<Row> {
  return figure({
    id: 'health',
    header: 'Health',
    of: (row) => row.health_score,
    hint: '0 to 100',
    why: 'too little is known for a score',
    field: 'health_score',
  });
}

export function cluster<Row extends { cluster: string }>(): Column<Row> {
  return {
    id: 'cluster',
    header: 'Cluster',
    key: (row) => row.cluster,
    cell: (row) => <ClusterLink cluster={row.cluster} />,
  };
}

/** Live ones, and of how many where some are not. */
export function brokers<
  Row extends { broker_count: number | null; offline_brokers: number | null },
>(): Column<Row> {
  return {
    id: 'brokers',
    header: 'Brokers',
    hint: 'Live, of those that should be',
    numeric: true,
    key: (row) => row.broker_count,
    cell: ({ broker_count: live, offline_brokers: down }) => (
      <Known value={live}>
        {formatCount(live)}
        {down ? <b className="crit-text"> of {formatCount((live ?? 0) + down)}</b> : null}
      </Known>
    ),
  };
}

export function trend<Row>(
  id: string,
  header: string,
  of: (row: Row) => (number | null)[],
): Column<Row> {
  return { id, header, hint: 'The last hour', cell: (row) => <Sparkline values={of(row)} /> };
}

export function age<Row extends Freshness>(): Column<Row> {
  return {
    id: 'age',
    header: 'Age',
    hint: 'Since what is shown was known',
    field: 'age_secs',
    numeric: true,
    key: (row) => row.age_secs,
    cell: (row) => <Age of={row} />,
  };
}
