// What a change on the page led to, told at its top, where focus then is.
import { useEffect, useRef } from 'react';
import { Notice } from '../../ui/Notice';
import { EndOthers } from './EndOthers';
import styles from './Outcome.module.css';

/** `offer`: whether other sessions should be asked about. `at` tells two equal outcomes apart. */
export type Changed = { words: string; offer: boolean; at: number };

type Props = { outcome: Changed; onClose: () => void };

export function Outcome({ outcome: { words, offer, at }, onClose }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <div ref={place} tabIndex={-1} className={styles.place}>
      <Notice kind="good">{words}</Notice>
      {offer && <EndOthers key={at} onClose={onClose} />}
    </div>
  );
}
