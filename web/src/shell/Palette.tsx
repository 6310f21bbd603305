import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useBrokers, useClusters, useGroups, useTopics } from '../api/queries';
import type { List } from '../api/types';
import { Dialog } from '../parts/Dialog';
import { useSettled } from '../parts/useSettled';
import { type PaletteEntry, paletteEntries, rank } from './palette';

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog name="Search or jump" className="palette" open={open} onClose={onClose}>
      <Search onClose={onClose} />
    </Dialog>
  );
}

const EACH_MAX = 200;
const TYPING_MS = 200;

/** Those whose names hold the text: the server looks at all of them. */
function named(text: string) {
  return { q: text || undefined, limit: EACH_MAX };
}

/** The worst, which are found by their cluster too, and those found by name. */
function useBoth<Row>(worst: UseQueryResult<List<Row>>, found: UseQueryResult<List<Row>>): Row[] {
  const [a, b] = [worst.data, found.data];
  return useMemo(
    () => (a === b ? (a?.items ?? []) : [...(b?.items ?? []), ...(a?.items ?? [])]),
    [a, b],
  );
}

/** Mounted only while open, so that the lists are asked for only then. */
function Search({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const clusters = useClusters().data?.items;
  const [text, setText] = useState('');
  const asked = useSettled(text.trim(), TYPING_MS);
  const groups = useBoth(useGroups({ limit: EACH_MAX }), useGroups(named(asked)));
  const topics = useBoth(useTopics({ limit: EACH_MAX }), useTopics(named(asked)));
  const brokers = useBoth(useBrokers({ limit: EACH_MAX }), useBrokers(named(asked)));
  const [chosen, setChosen] = useState(0);
  const entries = useMemo(
    () => paletteEntries(clusters ?? [], groups, topics, brokers),
    [clusters, groups, topics, brokers],
  );
  const found = useMemo(() => rank(entries, text), [entries, text]);

  const openEntry = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    void navigate(entry.target as never);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen(Math.min(found.length - 1, Math.max(0, chosen + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      openEntry(found[chosen]);
    }
  };
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Search clusters, groups, topics and pages"
        aria-expanded={found.length > 0}
        aria-controls="palette-list"
        aria-activedescendant={found[chosen] && `palette-${chosen}`}
        placeholder="Search clusters, groups, topics and pages"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        // biome-ignore lint/a11y/noAutofocus: a palette is opened to be typed into
        autoFocus
      />
      <div role="listbox" id="palette-list" aria-label="Results">
        {found.map((entry, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={entry.id}
            role="option"
            id={`palette-${at}`}
            aria-selected={at === chosen}
            tabIndex={-1}
            ref={
              at === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined
            }
            onClick={() => openEntry(entry)}
          >
            <span className="lo kind">{entry.kind}</span>
            <span>{entry.label}</span>
            <span className="lo">{entry.note}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="lo none">Nothing is called “{text}”</p>}
    </>
  );
}
