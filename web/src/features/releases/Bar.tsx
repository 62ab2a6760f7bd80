// A share as a bar. The number stands beside it: this is for the eye alone.
import { cx } from '../../ui/cx';
import styles from './Bar.module.css';

type Props = { part: number; tone: 'blue' | 'green' | 'accent' | 'bad' | 'good' };

export function Bar({ part, tone }: Props) {
  const width = Math.min(Math.max(part, 0), 1) * 100;
  return (
    <svg
      className={cx(styles.bar, styles[tone])}
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect width={width} height="1" />
    </svg>
  );
}
