import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { LOOKUP_TABLES, uploadLookupTable } from '../../api/queries';
import { counted } from '../../format/number';
import { ErrorNote } from '../../parts/Loaded';
import { tableNameOf } from './tableName';

/** A CSV file and the name that queries call it by. */
export function UploadForm() {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const upload = useMutation({
    mutationFn: (form: FormData) =>
      uploadLookupTable(
        String(form.get('name')).trim(),
        String(form.get('description')).trim(),
        form.get('file') as File,
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: [LOOKUP_TABLES] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    upload.mutate(new FormData(event.currentTarget));
  };
  const nameLikeFile = (file: File | undefined) => {
    upload.reset();
    if (file && name === '') setName(tableNameOf(file.name));
  };
  return (
    <form className="upload" onSubmit={submit}>
      <label>
        CSV file
        <input
          type="file"
          name="file"
          accept=".csv,text/csv"
          required
          onChange={({ target }) => nameLikeFile(target.files?.[0])}
        />
      </label>
      <label>
        Name
        <input
          name="name"
          value={name}
          onChange={({ target }) => setName(target.value)}
          pattern="[A-Za-z0-9_:]{1,255}"
          title="Letters, digits, _ and :"
          autoComplete="off"
          required
        />
      </label>
      <label>
        Description
        <input name="description" autoComplete="off" />
      </label>
      <button type="submit" className="button primary" disabled={upload.isPending}>
        {upload.isPending ? 'Uploading…' : 'Upload'}
      </button>
      <p className="lo">
        The first line names the columns. At most 4 MiB and 20,000 rows; a table of the same name is
        replaced.
      </p>
      {upload.error && <ErrorNote error={upload.error} />}
      {upload.data && (
        <p role="status">
          <b>{upload.data.name}</b> is there with {counted(upload.data.row_count, 'row')}.
        </p>
      )}
    </form>
  );
}
