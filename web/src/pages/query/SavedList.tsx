import { type FormEvent, useState } from 'react';
import type { SavedQuery } from '../../api/types';
import { SureButton } from '../../parts/SureButton';

interface Props {
  title: string;
  queries: SavedQuery[];
  onPick: (nrql: string) => void;
  onChange: (query: SavedQuery) => void;
  onDelete: (query: SavedQuery) => void;
}

/** Queries with names: a click runs one; each can be renamed, shared or not, and deleted. */
export function SavedList({ title, queries, ...actions }: Props) {
  if (queries.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="lo">{title}</h2>
      <ul className="choices history">
        {queries.map((query) => (
          <Saved key={query.id} query={query} {...actions} />
        ))}
      </ul>
    </section>
  );
}

type OneProps = Omit<Props, 'title' | 'queries'> & { query: SavedQuery };

function Saved({ query, onPick, onChange, onDelete }: OneProps) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) {
    const rename = (name: string) => {
      setRenaming(false);
      if (name !== '' && name !== query.name) onChange({ ...query, name });
    };
    return (
      <li>
        <RenameForm name={query.name} onName={rename} />
      </li>
    );
  }
  const { name, nrql, shared, mine } = query;
  return (
    <li>
      <button type="button" title={nrql} onClick={() => onPick(nrql)}>
        <b>{name}</b>
        <code className="lo">{nrql}</code>
      </button>
      <span className="row-actions">
        <button type="button" className="link" onClick={() => setRenaming(true)}>
          Rename<span className="hidden"> {name}</span>
        </button>
        {mine && (
          <button
            type="button"
            className="link"
            onClick={() => onChange({ ...query, shared: !shared })}
          >
            {shared ? 'Make private' : 'Share'}
            <span className="hidden"> {name}</span>
          </button>
        )}
        <SureButton label="Delete" thing={name} onSure={() => onDelete(query)} />
      </span>
    </li>
  );
}

function RenameForm({ name, onName }: { name: string; onName: (name: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onName(String(new FormData(event.currentTarget).get('name')).trim());
  };
  return (
    <form onSubmit={submit}>
      <label>
        New name
        <input
          name="name"
          defaultValue={name}
          maxLength={80}
          autoComplete="off"
          ref={focus}
          required
        />
      </label>
      <button type="submit" className="button primary">
        Rename
      </button>
    </form>
  );
}

/** It stands where the click on Rename was. */
function focus(input: HTMLInputElement | null) {
  input?.focus();
}
