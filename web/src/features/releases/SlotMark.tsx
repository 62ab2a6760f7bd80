// The sign of a slot: blue is round, green is square and drawn with a broken line, so that nobody needs the colours.
import { cx } from '../../ui/cx';
import type { Slot } from './model';
import styles from './SlotMark.module.css';

export function SlotMark({ slot }: { slot: Slot }) {
  return <span className={cx(styles.mark, styles[slot])} aria-hidden="true" />;
}
