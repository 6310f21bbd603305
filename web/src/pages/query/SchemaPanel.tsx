import type { EventType } from '../../api/types';
import { Menu } from '../../parts/Menu';

/** The event types and their attributes; a click adds the word to the query. */
export function SchemaPanel({
  schema,
  onPick,
}: {
  schema: EventType[];
  onPick: (word: string) => void;
}) {
  return (
    <Menu label="Schema" name="Event types and attributes">
      {() => (
        <div className="schema">
          {schema.map((type) => (
            <details key={type.name}>
              <summary title={type.doc}>{type.name}</summary>
              <ul>
                {type.attributes.map(({ name, unit, doc }) => (
                  <li key={name}>
                    <button type="button" title={doc} onClick={() => onPick(name)}>
                      <span className="mono">{name}</span>
                      <span className="lo">{unit}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </div>
      )}
    </Menu>
  );
}
