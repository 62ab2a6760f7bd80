// The mark: a mast, its backstay, and the mainstay that carries it.
import styles from './Logo.module.css';

export function Logo() {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" width="30" height="30" fill="none" aria-hidden="true">
        <path className={styles.rig} d="M12 3v21.5M12 4.5 4 24.5" />
        <path className={styles.stay} d="M12 4.5 28 24.5" />
        <path className={styles.rig} d="M2.5 27.5c6.5 2 20.5 2 27 0" />
      </svg>
      <span className={styles.word}>Mainstay</span>
    </span>
  );
}
