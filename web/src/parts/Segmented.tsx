import type { ReactNode } from 'react';

interface Props<T extends string> {
  name: string;
  options: readonly { value: T; label: ReactNode; title?: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few choices, all in sight. */
export function Segmented<T extends string>({ name, options, value, onChange }: Props<T>) {
  return (
    <fieldset className="segmented" aria-label={name}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.title}
          title={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
