/** How much older an answer has become since it came: the pages live on when the server is gone. */

import { createContext, useContext, useSyncExternalStore } from 'react';

/** Epoch milliseconds at which what stands inside was answered; `null` when that does not matter. */
export const AnsweredAt = createContext<number | null>(null);

/** Whole seconds since then, counted on every second. */
export function useElapsedSecs(): number {
  const answeredAtMs = useContext(AnsweredAt);
  const nowMs = useSyncExternalStore(onEverySecond, () => secondOf(Date.now()));
  return answeredAtMs === null ? 0 : elapsedSecs(answeredAtMs, nowMs);
}

/** Never below zero: the second may have begun before the answer came. */
export function elapsedSecs(answeredAtMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - answeredAtMs) / 1000));
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all ages of a page. */
function onEverySecond(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
