// A day of the calendar, which may be left open. Tells only of days that are meant: not of every digit of a year.
import { useId, useState } from 'react';
import { FieldMistake } from './FieldMistake';
import styles from './TextField.module.css';

type Props = {
  label: string;
  /** As 2026-11-22; empty for none. */
  value: string;
  isDay: (typed: string) => boolean;
  onChange: (day: string) => void;
  error?: string | undefined;
};

export function DateField({ label, value, isDay, onChange, error }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  const [typed, setTyped] = useState(value);
  const [before, setBefore] = useState(value);

  // The address changed by other means: back, forward, a link.
  if (value !== before) {
    setBefore(value);
    setTyped(value);
  }

  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        <input
          id={id}
          type="date"
          className={styles.input}
          value={typed}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : noteId}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value === '' || isDay(target.value)) onChange(target.value);
          }}
        />
      </div>
      {error !== undefined && <FieldMistake id={noteId}>{error}</FieldMistake>}
    </div>
  );
}
