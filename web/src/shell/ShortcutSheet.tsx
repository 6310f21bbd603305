import { Dialog } from '../parts/Dialog';
import { SHORTCUTS } from './shortcuts';

const GROUPS = ['Go to', 'Page', 'Things', 'Lists'] as const;

export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog name="Keyboard shortcuts" className="sheet" open={open} onClose={onClose}>
      <header>
        <h2>Keyboard shortcuts</h2>
        <button type="button" className="button quiet" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      <div className="sheet-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ keys, label }) => (
                <div key={keys}>
                  <dt>{label}</dt>
                  <dd>
                    {keys.split(' ').map((key, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the same key may come twice
                      <kbd key={at}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
