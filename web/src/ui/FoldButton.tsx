// Shows more about something, and hides it again.
import { Button } from './Button';
import styles from './FoldButton.module.css';
import { MoreIcon } from './settings-icons';

type Props = {
  children: string;
  /** What it says to those who do not see beside what it stands; begins with what it shows. */
  label?: string;
  open: boolean;
  /** The id of what it shows. */
  controls: string;
  onToggle: () => void;
};

export function FoldButton({ children, label, open, controls, onToggle }: Props) {
  return (
    <Button
      look="quiet"
      className={styles.button}
      aria-label={label}
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={onToggle}
    >
      {children}
      <MoreIcon />
    </Button>
  );
}
