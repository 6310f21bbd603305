import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { saveQuery } from '../../api/queries';
import type { SavedQuery } from '../../api/types';
import { ErrorNote } from '../../parts/Loaded';

interface Props {
  nrql: string;
  saved: SavedQuery[];
  onSaved: () => void;
}

/** Gives the query in the editor a name; one that already has it is replaced, which the button says. */
export function SaveForm({ nrql, saved, onSaved }: Props) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const trimmed = name.trim();
  const old = saved.find((query) => query.shared === shared && query.name === trimmed);
  const save = useMutation({
    mutationFn: () => saveQuery({ name: trimmed, nrql, shared }, old?.id),
    onSuccess: () => {
      setName('');
      onSaved();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (trimmed !== '') save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <label>
        Name
        <input
          value={name}
          onChange={({ target }) => setName(target.value)}
          maxLength={80}
          autoComplete="off"
          required
        />
      </label>
      <button
        type="submit"
        className="button primary"
        disabled={nrql === '' || trimmed === '' || save.isPending}
      >
        {old ? 'Replace' : 'Save'}
      </button>
      <label className="check">
        <input
          type="checkbox"
          checked={shared}
          onChange={({ target }) => setShared(target.checked)}
        />
        Share with everyone who may query here
      </label>
      {save.error && <ErrorNote error={save.error} />}
    </form>
  );
}
