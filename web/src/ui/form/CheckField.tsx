// A choice to make or leave, with a line that explains it.
import { useId, type ReactNode } from 'react';
import styles from './CheckField.module.css';

type Props = {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  invalid?: boolean;
};

export function CheckField({ label, hint, checked, onChange, invalid = false }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className={styles.row}>
      <input
        id={id}
        className={styles.box}
        type="checkbox"
        checked={checked}
        aria-invalid={invalid}
        aria-describedby={hint === undefined ? undefined : hintId}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p className={styles.hint} id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
