import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { readView, type View, type ViewSearch, writeView } from './view';

/** The view in the URL, and a way to change part of it that leaves one history entry. */
export function useView() {
  const search = useSearch({ strict: false }) as ViewSearch;
  const navigate = useNavigate();
  const { from, to, tz, refresh } = search;
  const read = useMemo(
    () => readView({ from, to, tz, refresh }, Date.now()),
    [from, to, tz, refresh],
  );
  const setView = useCallback(
    (change: Partial<View>) => {
      const next = writeView({ ...read.view, ...change });
      void navigate({ to: '.', search: (old: object) => ({ ...old, ...next }) as never });
    },
    [navigate, read.view],
  );
  return { ...read, setView };
}
