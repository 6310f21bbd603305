import { useRouter, useSearch } from '@tanstack/react-router';
import type { EventType } from '../../api/types';
import { HistoryMenu } from './HistoryMenu';
import { SavedMenu } from './SavedMenu';
import { SchemaPanel } from './SchemaPanel';
import { ShareMenu } from './ShareMenu';

interface Props {
  text: string;
  schema: EventType[];
  onText: (text: string) => void;
  onRun: (nrql: string) => void;
}

/** What can be done with the query in the editor besides running it. */
export function QueryTools({ text, schema, onText, onRun }: Props) {
  const { q = '', explain } = useSearch({ from: '/query' });
  const router = useRouter();
  // Opening a link runs its query: none is shared that whoever shares it has not run.
  const { href } = router.buildLocation({ to: '/query', search: (old) => old });
  const toggle = () =>
    void router.navigate({
      to: '/query',
      search: (old) => ({ ...old, explain: explain === 'yes' ? undefined : 'yes' }),
      replace: true,
    });
  return (
    <>
      <button type="button" className="button" aria-pressed={explain === 'yes'} onClick={toggle}>
        Explain
      </button>
      <SchemaPanel
        schema={schema}
        onPick={(word) => onText(text === '' ? word : `${text} ${word}`)}
      />
      <HistoryMenu onPick={onRun} />
      <SavedMenu text={text} onPick={onRun} />
      <ShareMenu
        link={q === '' ? null : `${location.origin}${href}`}
        isChanged={text.trim() !== q}
      />
    </>
  );
}
