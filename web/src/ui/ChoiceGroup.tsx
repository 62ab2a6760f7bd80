// The same choices laid open, side by side.
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useId } from 'react';
import styles from './ChoiceGroup.module.css';
import type { ChoiceProps } from './choices';

export function ChoiceGroup<T extends string>({ label, choices, value, onChoose }: ChoiceProps<T>) {
  const labelId = useId();
  return (
    <div className={styles.row}>
      <span id={labelId} className={styles.label}>
        {label}
      </span>
      <RadioGroup
        className={styles.group}
        aria-labelledby={labelId}
        value={value}
        onValueChange={(chosen: T) => {
          onChoose(chosen);
        }}
      >
        {choices.map((choice) => (
          // The radio is the whole segment, so its text is its name.
          <Radio.Root key={choice.value} value={choice.value} className={styles.segment}>
            {choice.icon}
            {choice.label}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  );
}
