// Judges a password while it is typed, in the pauses.
import { useEffect, useState } from 'react';
import { characters, PASSWORD_MIN } from './rules';
import type { Strength } from './strength';

const PAUSE = 150;

/** `undefined` while the password is too short to judge, or the judge could not be loaded. */
export function usePasswordStrength(
  password: string,
  about: readonly string[],
): Strength | undefined {
  const [judged, setJudged] = useState<{ password: string; strength: Strength }>();
  const context = about.join('\n');

  useEffect(() => {
    if (password === '') return;
    let isStale = false;
    // Loading begins with the first character, so that the judge is there when it is needed.
    const judge = import('./strength').catch(() => undefined);
    const timer = setTimeout(() => {
      void judge.then((module) => {
        if (isStale || !module) return;
        setJudged({ password, strength: module.strength(password, context.split('\n')) });
      });
    }, PAUSE);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [password, context]);

  // While the next verdict is awaited, the last one stands: a meter should not flicker.
  return characters(password) < PASSWORD_MIN ? undefined : judged?.strength;
}
