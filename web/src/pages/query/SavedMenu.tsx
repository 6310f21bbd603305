import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { deleteSavedQuery, SAVED_QUERIES, saveQuery, useSavedQueries } from '../../api/queries';
import type { SavedQuery } from '../../api/types';
import { moveToServer } from '../../console/savedQueries';
import { ErrorNote, Loaded, Skeleton } from '../../parts/Loaded';
import { Menu } from '../../parts/Menu';
import { SavedList } from './SavedList';
import { SaveForm } from './SaveForm';

interface Props {
  /** What is in the editor, to be saved. */
  text: string;
  onPick: (nrql: string) => void;
}

/** Queries with names, and a way to give one to the query in the editor. */
export function SavedMenu(props: Props) {
  return (
    <Menu label="Saved" name="Saved queries">
      {(close) => <SavedQueries {...props} close={close} />}
    </Menu>
  );
}

function SavedQueries({ text, onPick, close }: Props & { close: () => void }) {
  const saved = useSavedQueries();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: [SAVED_QUERIES] });
  useMove(saved.data?.items, refresh);
  const change = useMutation({
    mutationFn: ({ id, name, nrql, shared }: SavedQuery) => saveQuery({ name, nrql, shared }, id),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ id }: SavedQuery) => deleteSavedQuery(id),
    onSuccess: refresh,
  });
  const problem = change.error ?? remove.error;
  const pick = (nrql: string) => {
    onPick(nrql);
    close();
  };
  const list = { onPick: pick, onChange: change.mutate, onDelete: remove.mutate };
  return (
    <div className="saved">
      <SaveForm nrql={text.trim()} saved={saved.data?.items ?? []} onSaved={refresh} />
      {problem && <ErrorNote error={problem} />}
      <Loaded query={saved} skeleton={<Skeleton rows={2} />}>
        {({ items }) => (
          <>
            <SavedList title="Yours" queries={items.filter(({ shared }) => !shared)} {...list} />
            <SavedList
              title="Shared with everyone who may query here"
              queries={items.filter(({ shared }) => shared)}
              {...list}
            />
            {items.length === 0 && <p className="lo menu-note">Nothing is saved yet.</p>}
          </>
        )}
      </Loaded>
    </div>
  );
}

/** What this browser kept before the server did, moves there once it is known what is there. */
function useMove(known: SavedQuery[] | undefined, onMoved: () => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first list is there
  useEffect(() => {
    if (known === undefined) return;
    void moveToServer(known, (body) => saveQuery(body)).then((moved) => moved && onMoved());
  }, [known === undefined]);
}
