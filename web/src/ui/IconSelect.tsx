// An icon that is a native select: every device brings the list its people know.
import type { ReactNode } from 'react';
import type { ChoiceProps } from './choices';
import styles from './IconSelect.module.css';

type Props<T extends string> = ChoiceProps<T> & { icon: ReactNode };

export function IconSelect<T extends string>({ label, icon, choices, value, onChoose }: Props<T>) {
  return (
    <span className={styles.box}>
      {icon}
      <select
        className={styles.select}
        aria-label={label}
        title={label}
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
    </span>
  );
}
