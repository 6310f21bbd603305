import { useEffect, useState } from 'react';

/** After a second of waiting: how long, and a way out. */
export function Running({ onCancel }: { onCancel: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  if (seconds === 0) return null;
  return (
    <span className="running" role="status">
      still working, {seconds} s
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
    </span>
  );
}
