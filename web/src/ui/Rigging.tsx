// The drawing on the welcome page: a mast held by its stays. One line, the mainstay, has colour.
import styles from './Rigging.module.css';

// Where the shrouds' rungs (the ratlines) cross, from deck to masthead.
const rungs = [0.08, 0.18, 0.28, 0.38, 0.48, 0.58, 0.68];
const foot = { left: 70, right: 178, y: 392 };
const head = { x: 190, y: 120 };

function rung(height: number): string {
  const y = foot.y + (head.y - foot.y) * height;
  const left = foot.left + (head.x - foot.left) * height;
  const right = foot.right + (head.x - foot.right) * height;
  return `M${left} ${y}H${right}`;
}

export function Rigging() {
  return (
    <svg className={styles.drawing} viewBox="0 0 460 460" fill="none" aria-hidden="true">
      <path className={styles.fine} d={rungs.map(rung).join('')} />
      <path
        className={styles.line}
        d="M190 120 70 392M190 120 106 392M190 120 142 392M190 120 178 392"
      />
      <path className={styles.line} d="M190 34 34 392M190 34l136 358" />
      <path className={styles.spar} d="M190 18v374M152 128h76M166 66h48" />
      <path className={styles.stay} d="M190 34 426 392" />
      <path className={styles.line} d="M190 120l170 272" />
      <path className={styles.spar} d="M18 392c60 10 90 12 172 12s180-4 252-14" />
      <path
        className={styles.fine}
        d="M0 428c38-10 77-10 115 0s77 10 115 0 77-10 115 0 77 10 115 0M40 448c32-8 63-8 95 0s63 8 95 0 63-8 95 0 63 8 95 0"
      />
      <circle className={styles.block} cx="190" cy="34" r="4" />
      <circle className={styles.block} cx="426" cy="392" r="4" />
    </svg>
  );
}
