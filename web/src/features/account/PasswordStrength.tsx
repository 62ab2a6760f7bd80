// How hard a new password is to guess: four quiet segments, and words.
//
// NewPasswordField is the whole field, for forms; PasswordStrength is the meter alone, for below a
// field. `about` holds what others know of the person (e-mail, username). The meter only advises: what
// the server refuses is said by the field's error, as always.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/cx';
import { PasswordField } from '../../ui/form/PasswordField';
import type { FieldProps } from '../../ui/form/TextField';
import styles from './PasswordStrength.module.css';
import { characters, PASSWORD_MIN } from './rules';
import type { Strength } from './strength';
import { usePasswordStrength } from './usePasswordStrength';

const NOTHING: readonly string[] = [];
const SEGMENTS = [1, 2, 3, 4];
const names = ['trivial', 'weak', 'fair', 'good', 'strong'] as const;
const tones = [styles.weak, styles.weak, styles.fair, styles.good, styles.good];

type FieldAndAbout = Omit<FieldProps, 'hint' | 'type' | 'autoComplete' | 'inputMode'> & {
  about?: readonly string[];
};

export function NewPasswordField({ about = NOTHING, ...field }: FieldAndAbout) {
  const strength = usePasswordStrength(field.value, about);
  const words = useWords(field.value, strength);
  return (
    <PasswordField
      {...field}
      autoComplete="new-password"
      hint={words}
      below={
        <>
          <Segments strength={strength} />
          <Announcement words={field.value === '' ? '' : words} />
        </>
      }
    />
  );
}

export function PasswordStrength({
  password,
  about = NOTHING,
}: {
  password: string;
  about?: readonly string[];
}) {
  const strength = usePasswordStrength(password, about);
  const words = useWords(password, strength);
  return (
    <div className={styles.meter}>
      <Segments strength={strength} />
      <p className={styles.words}>{words}</p>
      <Announcement words={password === '' ? '' : words} />
    </div>
  );
}

function Segments({ strength }: { strength: Strength | undefined }) {
  // The worst is still something: an empty meter looks broken.
  const filled = strength === undefined ? 0 : Math.max(1, strength);
  return (
    <div className={cx(styles.segments, strength !== undefined && tones[strength])}>
      {SEGMENTS.map((segment) => (
        <span key={segment} className={cx(segment <= filled && styles.filled)} />
      ))}
    </div>
  );
}

function useWords(password: string, strength: Strength | undefined): string {
  const { t } = useTranslation();
  const missing = PASSWORD_MIN - characters(password);
  if (password === '') return t('fields.passwordHint', { min: PASSWORD_MIN });
  if (missing > 0) return t('fields.passwordMore', { count: missing });
  if (strength === undefined) return t('fields.passwordEnough');
  return t(`fields.passwordStrength.${names[strength]}`);
}

/** Said once typing pauses, not with every key. */
function Announcement({ words }: { words: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      setSaid(words);
    }, 800);
    return () => {
      clearTimeout(timer);
    };
  }, [words]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
