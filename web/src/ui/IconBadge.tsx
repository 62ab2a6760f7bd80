// An icon in a soft circle, to give a page or an empty place a face.
import type { ReactNode } from 'react';
import styles from './IconBadge.module.css';

export function IconBadge({ children }: { children: ReactNode }) {
  return <span className={styles.badge}>{children}</span>;
}
