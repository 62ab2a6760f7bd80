// One of a few, as a native list: every device brings the one its people know.
import { useId } from 'react';
import type { Choice, ChoiceProps } from '../choices';
import { FieldMistake } from './FieldMistake';
import select from './SelectField.module.css';
import styles from './TextField.module.css';

type Props<T extends string> = ChoiceProps<T> & {
  /** More choices below these, where there are too many for one list. */
  groups?: readonly { label: string; choices: readonly Choice<T>[] }[];
  error?: string | undefined;
};

export function SelectField<T extends string>({ label, value, onChoose, ...rest }: Props<T>) {
  const { choices, groups = [], error } = rest;
  const id = useId();
  const noteId = `${id}-note`;
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
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : noteId}
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
      {error !== undefined && <FieldMistake id={noteId}>{error}</FieldMistake>}
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
