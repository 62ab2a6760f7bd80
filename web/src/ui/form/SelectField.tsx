// One of a few, as a native list: every device brings the one its people know.
import { useId } from 'react';
import type { Choice, ChoiceProps } from '../choices';
import select from './SelectField.module.css';
import styles from './TextField.module.css';

type Props<T extends string> = ChoiceProps<T> & {
  /** More choices below these, where there are too many for one list. */
  groups?: readonly { label: string; choices: readonly Choice<T>[] }[];
};

export function SelectField<T extends string>({ label, value, onChoose, ...rest }: Props<T>) {
  const { choices, groups = [] } = rest;
  const id = useId();
  const all = [...choices, ...groups.flatMap((group) => group.choices)];
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
          const chosen = all.find((choice) => choice.value === event.target.value);
          if (chosen) onChoose(chosen.value);
        }}
      >
        <Options choices={choices} />
        {groups.map((group) => (
          <optgroup key={group.label} label={group.label}>
            <Options choices={group.choices} />
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function Options({ choices }: { choices: readonly Choice<string>[] }) {
  return choices.map((choice) => (
    <option key={choice.value} value={choice.value}>
      {choice.label}
    </option>
  ));
}
