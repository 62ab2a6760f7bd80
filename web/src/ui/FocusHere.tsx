// What has just appeared and must be heard: it takes the focus, which would else fall to the top.
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './FocusHere.module.css';

/** `at` tells two equal ones apart. */
type Props = { at?: number; children: ReactNode };

export function FocusHere({ at, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <div ref={place} tabIndex={-1} className={styles.place}>
      {children}
    </div>
  );
}
