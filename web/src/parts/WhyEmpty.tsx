import { useState } from 'react';
import { useWhy, type WhyQuery } from '../api/queries';
import { sentence } from './Loaded';
import { Marked } from './Marked';

interface Props {
  of: WhyQuery;
  /** The one thing that is looked at: the server answers for its whole cluster. */
  thing?: string;
}

/** Asks the server why something is empty, and shows what `weir why` prints. */
export function WhyEmpty(props: Props) {
  const [asked, setAsked] = useState(false);
  if (asked) return <WhyAnswer {...props} />;
  return (
    <button type="button" className="link why-button" onClick={() => setAsked(true)}>
      Why is this empty?
    </button>
  );
}

/** The answer itself, for a place that knows beforehand that there is nothing. */
export function WhyAnswer({ of, thing }: Props) {
  const { data, error } = useWhy(of);
  if (error) return <p className="lo">{sentence(error.message)}</p>;
  if (data === undefined) return <p className="lo">Asking…</p>;
  return (
    <div className="why" role="status">
      <p>
        <span className="tag">{data.step.replaceAll('_', ' ')}</span>{' '}
        <Marked text={sentence(data.text)} />
        {thing && data.step === 'available' && <>; none of it is about {thing}</>}
      </p>
      {data.action && (
        <p className="lo">
          <Marked text={sentence(data.action)} />
        </p>
      )}
    </div>
  );
}
