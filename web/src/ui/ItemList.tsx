// A quiet list: one thing a row, with what it is, what is known about it, and what can be done.
import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './ItemList.module.css';

export function ItemList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  );
}

type ItemProps = {
  icon: ReactNode;
  tone?: 'calm' | 'bad';
  title: ReactNode;
  badges?: ReactNode;
  /** What is known about it; each piece stands on its own. */
  facts?: readonly ReactNode[];
  actions?: ReactNode;
  /** What was asked for besides, below all of it. */
  more?: ReactNode;
};

export function Item({ icon, tone = 'calm', title, facts = [], ...rest }: ItemProps) {
  const { badges, actions, more } = rest;
  return (
    <li className={styles.item}>
      <span className={cx(styles.icon, styles[tone])}>{icon}</span>
      <div className={styles.body}>
        <p className={styles.head}>
          <span className={styles.title}>{title}</span>
          {badges}
        </p>
        {facts.length > 0 && (
          <p className={styles.facts}>
            {facts.filter(Boolean).map((fact, index) => (
              <span key={index}>{fact}</span>
            ))}
          </p>
        )}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      {more && <div className={styles.more}>{more}</div>}
    </li>
  );
}
