import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { userKey } from '../api/client';

/** Shown when the server asks for a key. The key stays in this tab and goes with every request. */
export function SignIn() {
  const client = useQueryClient();
  const refused = userKey.get() !== null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key')).trim();
    if (key === '') return;
    userKey.set(key);
    void client.resetQueries();
  };
  return (
    <form className="sign-in panel" onSubmit={submit}>
      <h1>Sign in</h1>
      <p>
        This server asks for a user key. It was printed at the first start, and{' '}
        <code>weir keys create user</code> makes another.
      </p>
      {refused && (
        <p className="problem" role="alert">
          The server did not accept that key.
        </p>
      )}
      <label>
        User key
        <input name="key" type="password" autoComplete="off" spellCheck={false} required />
      </label>
      <button type="submit" className="button primary">
        Sign in
      </button>
    </form>
  );
}
