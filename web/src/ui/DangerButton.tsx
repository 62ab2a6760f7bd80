// A button for what cannot be undone, or is felt by others.
import type { ComponentProps } from 'react';
import { Button } from './Button';
import { cx } from './cx';
import styles from './DangerButton.module.css';

type Props = Omit<ComponentProps<typeof Button>, 'look'> & {
  /** `solid` for the last word of a dialog, `outline` for what only leads there. */
  look?: 'solid' | 'outline';
};

export function DangerButton({ look = 'outline', className, ...rest }: Props) {
  return <Button {...rest} className={cx(styles.danger, styles[look], className)} />;
}
