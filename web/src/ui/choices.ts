// A closed set of choices, as lists and radio groups show it.
import type { ReactNode } from 'react';

export type Choice<T extends string> = { value: T; label: string; icon?: ReactNode };

export type ChoiceProps<T extends string> = {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
};
