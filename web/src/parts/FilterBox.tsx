import { useNavigate, useSearch } from '@tanstack/react-router';

/** The free text that narrows a list, kept in the URL; typing replaces the history entry. */
export function useFilter(): [string, (text: string) => void] {
  const { q = '' } = useSearch({ strict: false }) as { q?: string };
  const navigate = useNavigate();
  const setFilter = (text: string) => {
    void navigate({
      to: '.',
      search: (old: object) => ({ ...old, q: text || undefined }) as never,
      replace: true,
    });
  };
  return [q, setFilter];
}

/** True when every word of the filter stands in one of the texts. */
export function matchesFilter(filter: string, ...texts: string[]): boolean {
  const whole = texts.join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

export function FilterBox({
  label,
  shown,
  total,
}: {
  label: string;
  shown: number;
  total: number;
}) {
  const [filter, setFilter] = useFilter();
  return (
    <search className="filter">
      <input
        type="search"
        data-filter
        aria-label={label}
        placeholder={label}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
      <output className="lo">{filter === '' ? `${total}` : `${shown} of ${total}`}</output>
    </search>
  );
}
