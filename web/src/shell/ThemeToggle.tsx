import { Segmented } from '../parts/Segmented';
import { type Theme, useTheme } from '../parts/theme';

const OPTIONS: { value: Theme; label: React.ReactNode; title: string }[] = [
  { value: 'system', title: 'Theme of the system', label: icon('M2 3h12v8H2zm3 10.5h6') },
  {
    value: 'light',
    title: 'Light theme',
    label: icon(
      'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M8 1.5v1m0 11v1M1.5 8h1m11 0h1M3.4 3.4l.7.7m7.8 7.8.7.7m0-9.2-.7.7m-7.8 7.8-.7.7',
    ),
  },
  {
    value: 'dark',
    title: 'Dark theme',
    label: icon('M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7z'),
  },
];

export function ThemeToggle() {
  const [theme, setTheme] = useTheme();
  return <Segmented name="Theme" options={OPTIONS} value={theme} onChange={setTheme} />;
}

function icon(path: string) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" className="icon">
      <path d={path} />
    </svg>
  );
}
