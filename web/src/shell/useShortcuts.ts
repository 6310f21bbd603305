import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { refreshAll } from '../api/queries';
import { useView } from '../url/useView';
import { findShortcut, isPrefix, type ShortcutContext } from './shortcuts';

const SEQUENCE_MS = 1000;

/** Listens for the shortcuts; single keys count only while nothing is being typed. */
export function useShortcuts(open: Pick<ShortcutContext, 'openPalette' | 'openSheet'>) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { view, setView } = useView();
  const context = useRef<ShortcutContext>(null);
  context.current = {
    ...open,
    go: (to) => void navigate({ to }),
    range: view.range,
    setRange: (range) => setView({ range }),
    refresh: () => void refreshAll(client),
  };

  useEffect(() => {
    let pending = { key: '', at: 0 };
    const onKeyDown = (event: KeyboardEvent) => {
      if (context.current === null || event.defaultPrevented) return;
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey) && !event.altKey) {
        event.preventDefault();
        context.current.openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const first = event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ` : '';
      const shortcut = findShortcut(first + event.key) ?? findShortcut(event.key);
      pending = { key: shortcut ? '' : event.key, at: event.timeStamp };
      if (!shortcut) {
        if (!isPrefix(event.key)) pending.key = '';
        return;
      }
      event.preventDefault();
      shortcut.run(context.current);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('dialog') !== null
  );
}
