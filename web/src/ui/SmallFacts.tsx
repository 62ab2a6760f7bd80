// What else is known about a thing in a list, where it was asked for: names and values, small.
import type { ReactNode } from 'react';
import styles from './SmallFacts.module.css';

export type SmallFact = { name: string; value: ReactNode };

export function SmallFacts({ facts }: { facts: readonly SmallFact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, value }, index) => (
        // Two may have the same name, and none ever moves.
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
