// One line of text with its label, hint and error, all tied together for assistive technology.
import { useId, type ComponentProps, type ReactNode } from 'react';
import { FieldMistake } from './FieldMistake';
import styles from './TextField.module.css';

export type FieldProps = {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: ReactNode;
} & Pick<ComponentProps<'input'>, 'type' | 'autoComplete' | 'inputMode'>;

type Props = FieldProps & {
  /** A control that sits inside the field's right edge. */
  action?: ReactNode;
  /** Something between the field and its hint. */
  below?: ReactNode;
};

export function TextField({ label, hint, error, action, below, onChange, ...input }: Props) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.control}>
        <input
          {...input}
          id={id}
          className={styles.input}
          required
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={hasNote ? noteId : undefined}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
        {action}
      </div>
      {below}
      {error !== undefined && <FieldMistake id={noteId}>{error}</FieldMistake>}
      {/* An error says what the hint said, and more. */}
      {error === undefined && hint !== undefined && (
        <p className={styles.hint} id={noteId}>
          {hint}
        </p>
      )}
    </div>
  );
}
