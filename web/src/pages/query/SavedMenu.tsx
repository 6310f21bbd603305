import { type FormEvent, useState } from 'react';
import { deleteSaved, readSaved, saveQuery } from '../../console/savedQueries';
import { Menu } from '../../parts/Menu';

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
  const [saved, setSaved] = useState(readSaved);
  const pick = (nrql: string) => {
    onPick(nrql);
    close();
  };
  const remove = (name: string) => {
    deleteSaved(name);
    setSaved(readSaved());
  };
  return (
    <div className="saved">
      <SaveForm nrql={text.trim()} onSaved={() => setSaved(readSaved())} />
      <ul className="choices history">
        {saved.map(({ name, nrql }) => (
          <li key={name}>
            <button type="button" title={nrql} onClick={() => pick(nrql)}>
              <b>{name}</b>
              <code className="lo">{nrql}</code>
            </button>
            <button type="button" aria-label={`Delete ${name}`} onClick={() => remove(name)}>
              ×
            </button>
          </li>
        ))}
      </ul>
      <p className="lo menu-note">Kept in this browser only. To pass one on, share its link.</p>
    </div>
  );
}

function SaveForm({ nrql, onSaved }: { nrql: string; onSaved: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    if (name === '') return;
    const refusal = saveQuery({ name, nrql });
    setProblem(refusal);
    if (refusal !== null) return;
    form.reset();
    onSaved();
  };
  return (
    <form onSubmit={save}>
      <label>
        Name
        <input name="name" maxLength={80} autoComplete="off" required />
      </label>
      <button type="submit" className="button primary" disabled={nrql === ''}>
        Save
      </button>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
