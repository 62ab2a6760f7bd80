// A failed action, explained, with the reference the operator needs when it is the server's fault.
import { useTranslation } from 'react-i18next';
import { UNREACHABLE, type Problem } from '../api/problem';
import { problemText, waitText } from '../i18n/problem-text';
import { Notice } from './Notice';
import { useSecondsLeft } from './useSecondsLeft';

export function ProblemNotice({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  // Whoever changed their mind knows that already.
  if (problem.isCancelled) return null;
  const title = problem.code === UNREACHABLE ? t('problems.unreachableTitle') : t('problems.title');
  return (
    <Notice kind="bad" title={title}>
      <p>
        {problemText(t, problem)} <Wait problem={problem} />
      </p>
      {problem.status >= 500 && problem.requestId !== undefined && (
        <p>{t('common.requestId', { id: problem.requestId })}</p>
      )}
    </Notice>
  );
}

/** Counts down for the eye; a screen reader hears the beginning and the end. */
function Wait({ problem: { retryAfter, retryAt } }: { problem: Problem }) {
  const { t, i18n } = useTranslation();
  const left = useSecondsLeft(retryAt);
  if (retryAfter === undefined) return null;
  if (left === 0) return <span>{t('problems.retryNow')}</span>;
  return (
    <>
      <span aria-hidden="true">{waitText(t, left, i18n.language)}</span>
      <span className="visually-hidden">{waitText(t, retryAfter, i18n.language)}</span>
    </>
  );
}
