// Ends the session, and says so when that failed: leaving must never fail in silence.
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { useSignOut } from './queries';
import styles from './SignOutButton.module.css';

export function SignOutButton({ look }: { look: 'quiet' | 'secondary' }) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useSignOut();
  const problem = error ? Problem.from(error) : undefined;
  return (
    <div className={styles.anchor}>
      <Button
        look={look}
        pending={isPending}
        pendingText={t('nav.signingOut')}
        onClick={() => {
          mutate();
        }}
      >
        {t('nav.signOut')}
      </Button>
      {problem?.isCancelled === false && (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} />
        </div>
      )}
    </div>
  );
}
