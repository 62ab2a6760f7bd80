// A button, and a link that looks like one.
import { Button as BaseButton } from '@base-ui/react/button';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import styles from './Button.module.css';
import { cx } from './cx';

type Look = 'primary' | 'secondary' | 'quiet';

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled' | 'ref'> & {
  look?: Look;
  /** The text to show while the action runs; the button then ignores clicks but keeps focus. */
  pendingText?: string;
  pending?: boolean;
  /** Nothing runs, but it is too early to press. */
  waiting?: boolean;
};

export function Button({
  look = 'secondary',
  pending = false,
  waiting = false,
  pendingText,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <BaseButton
      type="button"
      {...rest}
      className={cx(styles.button, styles[look], waiting && styles.waiting, className)}
      disabled={pending || waiting}
      focusableWhenDisabled
    >
      {pending && <span className={styles.spinner} aria-hidden="true" />}
      {pending ? (pendingText ?? children) : children}
    </BaseButton>
  );
}

type AnchorProps = ComponentProps<'a'> & { look?: Look };

function Anchor({ look = 'secondary', className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={cx(styles.button, styles[look], className)}>
      {children}
    </a>
  );
}

export const ButtonLink = createLink(Anchor);
