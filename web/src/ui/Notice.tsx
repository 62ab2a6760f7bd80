// A message about what just happened. Errors interrupt a screen reader, good news waits.
import type { ReactNode } from 'react';
import { AlertIcon, CheckIcon, InfoIcon } from './icons';
import styles from './Notice.module.css';
import { cx } from './cx';

type Kind = 'info' | 'good' | 'bad';

const icons = { info: InfoIcon, good: CheckIcon, bad: AlertIcon };

type Props = { kind: Kind; title?: string; children: ReactNode };

export function Notice({ kind, title, children }: Props) {
  const Icon = icons[kind];
  return (
    <div className={cx(styles.notice, styles[kind])} role={kind === 'bad' ? 'alert' : 'status'}>
      <Icon />
      <div className={styles.body}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
