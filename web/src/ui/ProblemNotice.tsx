// A failed action, explained, with the reference the operator needs when it is the server's fault.
import { useTranslation } from 'react-i18next';
import { UNREACHABLE, type Problem } from '../api/problem';
import { problemText } from '../i18n/problem-text';
import { Notice } from './Notice';

export function ProblemNotice({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const title = problem.code === UNREACHABLE ? t('problems.unreachableTitle') : t('problems.title');
  return (
    <Notice kind="bad" title={title}>
      <p>{problemText(t, problem)}</p>
      {problem.status >= 500 && problem.requestId !== undefined && (
        <p>{t('common.requestId', { id: problem.requestId })}</p>
      )}
    </Notice>
  );
}
