import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deleteLookupTable, LOOKUP_TABLES, lookupTableCsv } from '../../api/queries';
import type { LookupTable as Shown } from '../../api/types';
import { download } from '../../console/download';
import { formatBytes, formatCount } from '../../format/number';
import { formatInstant } from '../../format/time';
import { sentence } from '../../parts/Loaded';
import { SureButton } from '../../parts/SureButton';
import { type Column, Table } from '../../parts/Table';
import { useView } from '../../url/useView';

/** The uploaded tables, and what can be done with each. */
export function LookupTable({ tables }: { tables: Shown[] }) {
  const { view } = useView();
  return (
    <Table
      caption="Lookup tables"
      columns={columns(view.timeZone)}
      rows={tables}
      rowKey={({ name }) => name}
      sort={{ column: 'name', descending: false }}
    />
  );
}

function columns(timeZone: string): Column<Shown>[] {
  return [
    {
      id: 'name',
      header: 'Table',
      key: ({ name }) => name,
      cell: ({ name }) => (
        <Link to="/query" search={{ q: `FROM lookup(${name}) SELECT *` }} title="Query this table">
          {name}
        </Link>
      ),
    },
    { id: 'rows', header: 'Rows', numeric: true, cell: (table) => formatCount(table.row_count) },
    { id: 'size', header: 'Size', numeric: true, cell: (table) => formatBytes(table.size_bytes) },
    {
      id: 'columns',
      header: 'Columns',
      grows: true,
      cell: (table) => <span className="mono">{table.columns.join(', ')}</span>,
    },
    { id: 'description', header: 'Description', cell: ({ description }) => description },
    {
      id: 'updated',
      header: 'Uploaded',
      cell: (table) => (
        <span title={`by ${table.updated_by}`}>{formatInstant(table.updated_at_ms, timeZone)}</span>
      ),
    },
    { id: 'actions', header: 'Do', cell: ({ name }) => <Actions name={name} /> },
  ];
}

function Actions({ name }: { name: string }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteLookupTable(name),
    onSuccess: () => client.invalidateQueries({ queryKey: [LOOKUP_TABLES] }),
  });
  const save = useMutation({
    mutationFn: async () => download(`${name}.csv`, 'text/csv', await lookupTableCsv(name)),
  });
  const problem = remove.error ?? save.error;
  return (
    <span className="row-actions">
      <button type="button" className="link" onClick={() => save.mutate()}>
        Download<span className="hidden"> {name}</span>
      </button>
      <SureButton
        label="Delete"
        thing={name}
        disabled={remove.isPending}
        onSure={() => remove.mutate()}
      />
      {problem && <span role="alert">{sentence(problem.message)}</span>}
    </span>
  );
}
