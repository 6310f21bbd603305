import { useNavigate, useSearch } from '@tanstack/react-router';
import { readSort, type Sort, writeSort } from '../url/sort';
import type { Column } from './Table';

/** The sort of a page's main table, in its URL. */
export function useUrlSort<Row>(columns: Column<Row>[], fallback: Sort) {
  const { sort: text } = useSearch({ strict: false }) as { sort?: string };
  const navigate = useNavigate();
  const names = columns.filter((column) => column.key).map((column) => column.id);
  const sort = readSort(text, names, fallback);
  const onSort = (next: Sort) => {
    const sort = writeSort(next, fallback);
    void navigate({ to: '.', search: (old: object) => ({ ...old, sort }) as never });
  };
  return { sort, onSort };
}
