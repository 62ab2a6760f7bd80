// Several lines of text, which may stay empty, with label, hint and error.
import { useId, type ReactNode } from 'react';
import { FieldMistake } from './FieldMistake';
import area from './TextAreaField.module.css';
import styles from './TextField.module.css';
import { cx } from '../cx';

type Props = {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint: ReactNode;
};

export function TextAreaField({ label, hint, error, onChange, ...input }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea
        {...input}
        id={id}
        className={cx(styles.input, area.area)}
        rows={3}
        aria-invalid={error !== undefined}
        aria-describedby={noteId}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {error === undefined ? (
        <p className={styles.hint} id={noteId}>
          {hint}
        </p>
      ) : (
        <FieldMistake id={noteId}>{error}</FieldMistake>
      )}
    </div>
  );
}
