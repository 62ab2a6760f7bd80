// A choice to make or leave, with a line that explains it.
import { useId, type ReactNode } from 'react';
import styles from './CheckField.module.css';
import { FieldMistake } from './FieldMistake';

type Props = {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  invalid?: boolean;
  error?: string | undefined;
};

export function CheckField({ label, hint, checked, onChange, invalid = false, error }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = hint !== undefined || error !== undefined;
  return (
    <div className={styles.row}>
      <input
        id={id}
        className={styles.box}
        type="checkbox"
        checked={checked}
        aria-invalid={invalid || error !== undefined}
        aria-describedby={hasNote ? noteId : undefined}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {hasNote && (
        <div className={styles.note} id={noteId}>
          {error !== undefined && <FieldMistake>{error}</FieldMistake>}
          {hint !== undefined && <p className={styles.hint}>{hint}</p>}
        </div>
      )}
    </div>
  );
}
