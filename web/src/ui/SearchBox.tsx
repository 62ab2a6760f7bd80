// Looks for what is typed, once typing pauses.
import { useEffect, useState } from 'react';
import field from './form/TextField.module.css';
import styles from './SearchBox.module.css';
import { SearchIcon } from './settings-icons';

const PAUSE = 300;

type Props = { label: string; value: string; onSearch: (value: string) => void };

export function SearchBox({ label, value, onSearch }: Props) {
  const [typed, setTyped] = useState(value);
  const [before, setBefore] = useState(value);

  // The address changed by other means: back, forward, a link.
  if (value !== before) {
    setBefore(value);
    if (value !== typed.trim()) setTyped(value);
  }

  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => {
      onSearch(typed.trim());
    }, PAUSE);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, value, onSearch]);

  return (
    <div className={styles.box} role="search">
      <SearchIcon />
      <input
        type="search"
        className={field.input}
        aria-label={label}
        placeholder={label}
        autoCapitalize="none"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
    </div>
  );
}
