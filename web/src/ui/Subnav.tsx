// The pages of one area: a column beside them, or a grid above them where there is little room.
import type { ReactNode } from 'react';
import styles from './Subnav.module.css';

type Props = { label: string; children: ReactNode };

/** Holds links, each with an icon and a text. */
export function Subnav({ label, children }: Props) {
  return (
    <nav className={styles.nav} aria-label={label}>
      {children}
    </nav>
  );
}

/** The area: its navigation and the page that is open. */
export function WithSubnav({ nav, children }: { nav: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.area}>
      {nav}
      <div className={styles.page}>{children}</div>
    </div>
  );
}
