import { Outlet, useLocation } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { userKey } from '../api/client';
import { endsNow } from '../url/range';
import { useView } from '../url/useView';
import { Banner } from './Banner';
import { Breadcrumb } from './Breadcrumb';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { RefreshPicker } from './RefreshPicker';
import { ShortcutSheet } from './ShortcutSheet';
import { SignIn } from './SignIn';
import { TimePicker } from './TimePicker';
import { usePageState } from './usePageState';
import { useShortcuts } from './useShortcuts';

type Sheet = 'palette' | 'shortcuts' | null;

/** What stands around every page. */
export function Shell() {
  const [sheet, setSheet] = useState<Sheet>(null);
  // A dialog tells that it closed only later, when another may already be open.
  const close = (closed: Sheet) => setSheet((open) => (open === closed ? null : open));
  const keyWanted = useSyncExternalStore(userKey.subscribe, userKey.isWanted);
  // In the console SINCE and UNTIL rule, and a query runs when told.
  const inConsole = useLocation({ select: (location) => location.pathname === '/query' });
  useShortcuts({ openPalette: () => setSheet('palette'), openSheet: () => setSheet('shortcuts') });
  usePageState();
  return (
    <div className="app">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Rail onShortcuts={() => setSheet('shortcuts')} />
      <div className="column">
        <header className="bar">
          <Breadcrumb />
          <button
            type="button"
            className="button search-button"
            onClick={() => setSheet('palette')}
          >
            <span>Search or jump…</span>
            <kbd aria-hidden="true">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
          {!inConsole && (
            <>
              <TimePicker />
              <RefreshPicker />
            </>
          )}
        </header>
        <main id="content" tabIndex={-1}>
          {keyWanted ? (
            <SignIn />
          ) : (
            <>
              <Notes inConsole={inConsole} />
              <Banner />
              <Outlet />
            </>
          )}
        </main>
      </div>
      <Palette open={sheet === 'palette'} onClose={() => close('palette')} />
      <ShortcutSheet open={sheet === 'shortcuts'} onClose={() => close('shortcuts')} />
    </div>
  );
}

/** Says quietly which parameter of the URL could not be read, and what a past range applies to. */
function Notes({ inConsole }: { inConsole: boolean }) {
  const { notes, view } = useView();
  const past = !inConsole && !endsNow(view.range);
  const all = past
    ? [...notes, 'Charts show the chosen range; figures and tables show the present']
    : notes;
  return all.map((note) => (
    <p className="note" role="status" key={note}>
      {note}
    </p>
  ));
}

const isMac = navigator.platform.startsWith('Mac');
