// A form that takes the place of the button that opened it. Focus goes in with it and comes back.
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './Unfolding.module.css';

type Props = {
  open: boolean;
  form: ReactNode;
  /** The button, and what stands around it. */
  children: ReactNode;
};

export function Unfolding({ open, form, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current === open) return;
    wasOpen.current = open;
    // Where the page has something to tell, focus is there already.
    if (isFocusLost()) firstStop(place.current)?.focus();
  }, [open]);
  return (
    <div ref={place} className={styles.place}>
      {open ? form : children}
    </div>
  );
}

function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** What wants to be read first, else the first field, else the button. */
function firstStop(place: HTMLElement | null): HTMLElement | null | undefined {
  const stops = '[tabindex="-1"], input:not([hidden]), textarea, select, button';
  return place?.querySelector<HTMLElement>(stops);
}
