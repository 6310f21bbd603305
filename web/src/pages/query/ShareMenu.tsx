import { useRef, useState } from 'react';
import { Menu } from '../../parts/Menu';

/** A link that opens the console as it is: query, picture, explanation, time zone. */
export function ShareMenu({ link }: { link: string }) {
  return (
    <Menu label="Share" name="Share this query">
      {() => <LinkToCopy link={link} />}
    </Menu>
  );
}

function LinkToCopy({ link }: { link: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState('');
  const copy = async () => {
    field.current?.select();
    setOutcome(await copied(link));
  };
  return (
    <div className="share">
      <label>
        Link
        <input ref={field} value={link} readOnly onFocus={({ target }) => target.select()} />
      </label>
      <button type="button" className="button primary" onClick={() => void copy()}>
        Copy
      </button>
      <p className="lo" role="status">
        {outcome}
      </p>
    </div>
  );
}

/** Browsers give pages the clipboard over HTTPS and on localhost only; the link is selected then. */
async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'The browser does not let this page copy: copy the selected link by hand.';
  }
}
