import { type RefObject, useEffect, useState } from 'react';

/** Rows are drawn all at once up to this number. */
const PLAIN_ROWS_MAX = 200;
/** Matches `tbody tr` in table.css. */
const ROW_HEIGHT = 37;
const OVERSCAN = 20;

/** Which rows of a long table stand in the window, and the height of those above and below. */
export function useWindowedRows(body: RefObject<HTMLElement | null>, count: number) {
  const windowed = count > PLAIN_ROWS_MAX;
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (!windowed) return;
    const measure = () => {
      const above = -(body.current?.getBoundingClientRect().top ?? 0);
      setTop(Math.max(0, Math.floor(above / ROW_HEIGHT / OVERSCAN) * OVERSCAN));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [body, windowed]);

  if (!windowed) return { first: 0, last: count, before: 0, after: 0 };
  const visible = Math.ceil(innerHeight / ROW_HEIGHT);
  const first = Math.max(0, Math.min(top, count - visible) - OVERSCAN);
  const last = Math.min(count, top + visible + 2 * OVERSCAN);
  return { first, last, before: first * ROW_HEIGHT, after: (count - last) * ROW_HEIGHT };
}
