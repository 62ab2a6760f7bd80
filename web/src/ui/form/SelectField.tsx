// One of a few, as a native list: every device brings the one its people know.
import { useId } from 'react';
import type { ChoiceProps } from '../choices';
import select from './SelectField.module.css';
import styles from './TextField.module.css';

export function SelectField<T extends string>({ label, choices, value, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={select.select}
        value={value}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
