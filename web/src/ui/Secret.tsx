// A text to be copied letter by letter: a key, a token.
import styles from './Secret.module.css';

export function Secret({ label, children }: { label: string; children: string }) {
  return (
    <p className={styles.secret}>
      <span className="visually-hidden">{label}: </span>
      <code>{children}</code>
    </p>
  );
}
