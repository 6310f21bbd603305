import { Link } from '@tanstack/react-router';
import type { BrokerDetail } from '../../api/types';

/** To the broker before and the next one, by id; the ends meet. */
export function Siblings({ of }: { of: BrokerDetail }) {
  const { cluster, broker_id: id, broker_ids: ids } = of;
  if (ids.length < 2) return null;
  const at = ids.indexOf(id);
  const before = ids.at(at - 1) ?? id;
  const next = ids[(at + 1) % ids.length] ?? id;
  return (
    <>
      <Sibling cluster={cluster} id={before} shortcut="," name="Previous" text={`◂ ${before}`} />
      <Sibling cluster={cluster} id={next} shortcut="." name="Next" text={`${next} ▸`} />
    </>
  );
}

interface SiblingProps {
  cluster: string;
  id: string;
  shortcut: string;
  name: string;
  text: string;
}

function Sibling({ cluster, id, shortcut, name, text }: SiblingProps) {
  return (
    <Link
      to="/clusters/$cluster/brokers/$broker"
      params={{ cluster, broker: id }}
      className="button"
      data-shortcut={shortcut}
      aria-label={`${name}: broker ${id}`}
      title={`${name} broker (${shortcut})`}
    >
      {text}
    </Link>
  );
}
