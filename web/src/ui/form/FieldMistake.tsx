// What is wrong with a field, below it.
import type { ReactNode } from 'react';
import { AlertIcon } from '../icons';
import styles from './FieldMistake.module.css';

type Props = {
  id?: string;
  /** Where no field can point at it. */
  role?: 'alert';
  children: ReactNode;
};

export function FieldMistake({ children, ...rest }: Props) {
  return (
    <p {...rest} className={styles.mistake}>
      <AlertIcon />
      {/* One piece, so that a link or a name in it does not become a column. */}
      <span>{children}</span>
    </p>
  );
}
