// What stands where content would: still loading, nothing there, or out of reach.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { useIsRetrying } from '../api/retry';
import { Button } from './Button';
import { IconBadge } from './IconBadge';
import { ProblemNotice } from './ProblemNotice';
import styles from './States.module.css';

export function Loading() {
  const { t } = useTranslation();
  // A slow start explains itself.
  const isRetrying = useIsRetrying();
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">{t('common.loading')}</span>
      {isRetrying ? (
        <p>{t('common.retrying')}</p>
      ) : (
        <div className={styles.skeleton} aria-hidden="true">
          <span />
          <span />
          <span />
        </div>
      )}
    </div>
  );
}

type EmptyProps = {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  /** What helps. */
  action?: ReactNode;
};

export function EmptyState({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <IconBadge>{icon}</IconBadge>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}

type ErrorProps = { error: unknown; onRetry: () => void };

export function ErrorState({ error, onRetry }: ErrorProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.error}>
      <ProblemNotice problem={Problem.from(error)} />
      <Button onClick={onRetry}>{t('common.retry')}</Button>
    </div>
  );
}
