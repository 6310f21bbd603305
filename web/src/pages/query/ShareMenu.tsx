import { useRef, useState } from 'react';
import { Menu } from '../../parts/Menu';

interface Props {
  /** To what was run last; `null` before anything was. */
  link: string | null;
  /** The editor holds another text by now. */
  isChanged: boolean;
}

/** A link that opens the console as it is: query, picture, explanation, time zone. */
export function ShareMenu({ link, isChanged }: Props) {
  return (
    <Menu label="Share" name="Share this query">
      {() =>
        link === null ? (
          <p className="lo menu-note">Run the query first: its link opens with the answer.</p>
        ) : (
          <LinkToCopy link={link} isChanged={isChanged} />
        )
      }
    </Menu>
  );
}

function LinkToCopy({ link, isChanged }: { link: string; isChanged: boolean }) {
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
      {isChanged && (
        <p className="note">
          The link runs what was run last, not what the editor says now: run that to share it.
        </p>
      )}
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
