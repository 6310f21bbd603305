import { Link } from '@tanstack/react-router';

export interface Tab<T extends string> {
  value: T;
  label: string;
  /** How many there are, beside the label. */
  count?: number | null;
  /** The key that opens it. */
  shortcut?: string;
}

interface Props<T extends string> {
  name: string;
  tabs: readonly Tab<T>[];
}

/** Parts of a page, chosen by `tab` in the URL; the first is the default and stands in no URL. */
export function Tabs<T extends string>({ name, tabs }: Props<T>) {
  const first = tabs[0]?.value;
  return (
    <nav className="tabs" aria-label={name}>
      {tabs.map((tab) => {
        const chosen = tab.value === first ? undefined : tab.value;
        return (
          <Link
            key={tab.value}
            to="."
            // A filter and an order belong to the table they were made for.
            search={(old: object) =>
              ({ ...old, tab: chosen, q: undefined, sort: undefined }) as never
            }
            activeOptions={{ exact: true }}
            data-shortcut={tab.shortcut}
            title={tab.shortcut && `${tab.label} (${tab.shortcut})`}
          >
            {tab.label}
            {tab.count !== undefined && tab.count !== null && (
              <span className="lo">{tab.count.toLocaleString('en')}</span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

/** The tab the URL names, or the first. */
export function readTab<T extends string>(text: string | undefined, tabs: readonly Tab<T>[]): T {
  const found = tabs.find((tab) => tab.value === text) ?? tabs[0];
  if (found === undefined) throw new Error('no tabs');
  return found.value;
}
