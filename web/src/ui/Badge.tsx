// A word or two about the state of something. Says it in words; the colour only repeats it.
import type { ReactNode } from 'react';
import styles from './Badge.module.css';
import { cx } from './cx';

type Props = { tone?: 'neutral' | 'accent' | 'good' | 'bad'; children: ReactNode };

export function Badge({ tone = 'neutral', children }: Props) {
  return <span className={cx(styles.badge, styles[tone])}>{children}</span>;
}
