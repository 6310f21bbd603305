import { Panel } from '../../parts/Panel';
import { EXAMPLES } from './examples';

export function Examples({ onPick }: { onPick: (nrql: string) => void }) {
  return (
    <Panel title="Try one of these" flush>
      <ul className="examples">
        {EXAMPLES.map(({ title, nrql }) => (
          <li key={title}>
            <button type="button" onClick={() => onPick(nrql)}>
              <b>{title}</b>
              <code>{nrql}</code>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
