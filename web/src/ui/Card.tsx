// A surface that groups one subject.
import type { ReactNode } from 'react';
import styles from './Card.module.css';

type Props = { title?: string; hint?: string; children: ReactNode };

export function Card({ title, hint, children }: Props) {
  return (
    <section className={styles.card}>
      {title !== undefined && (
        <div>
          <h2 className={styles.title}>{title}</h2>
          {hint !== undefined && <p className={styles.hint}>{hint}</p>}
        </div>
      )}
      {children}
    </section>
  );
}
