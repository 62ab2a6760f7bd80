// A failed action, explained, with the reference the operator needs when it is the server's fault.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  MAINTENANCE,
  TOO_MANY_REQUESTS,
  UNREACHABLE,
  type FieldError,
  type Problem,
} from '../api/problem';
import { mistakeText, problemText, waitText } from '../i18n/problem-text';
import { ChangesWait } from './ChangesWait';
import { Notice } from './Notice';
import styles from './ProblemNotice.module.css';
import { useSecondsLeft } from './useSecondsLeft';

/** Better words, where the page has some, for who came too often. */
export type Throttled = {
  /** Asking for mail again soon is no mistake. */
  about?: 'mail';
  /** What helps meanwhile. */
  help?: ReactNode;
};

type Props = Throttled & {
  problem: Problem;
  /** Those that stand beside no field; all of them where there are no fields. */
  mistakes?: readonly FieldError[];
  /** Whether what was entered is still there to be sent again. */
  keeps?: boolean;
};

export function ProblemNotice({ problem, mistakes, keeps = false, ...throttled }: Props) {
  // Whoever changed their mind knows that already.
  if (problem.isCancelled) return null;
  if (problem.code === MAINTENANCE) return <ChangesWait keeps={keeps} />;
  if (problem.status === TOO_MANY_REQUESTS) return <TooOften problem={problem} {...throttled} />;
  return <Failure problem={problem} mistakes={mistakes ?? problem.errors} />;
}

type FailureProps = { problem: Problem; mistakes?: readonly FieldError[] };

function Failure({ problem, mistakes = [] }: FailureProps) {
  const { t } = useTranslation();
  const title = problem.code === UNREACHABLE ? t('problems.unreachableTitle') : t('problems.title');
  return (
    <Notice kind="bad" title={title}>
      <p>
        {problemText(t, problem)} <Wait problem={problem} />
      </p>
      {mistakes.length > 0 && (
        <ul className={styles.mistakes}>
          {mistakes.map((mistake, index) => (
            <li key={index}>{mistakeText(t, mistake)}</li>
          ))}
        </ul>
      )}
      {problem.status >= 500 && problem.requestId !== undefined && (
        <p>{t('common.requestId', { id: problem.requestId })}</p>
      )}
    </Notice>
  );
}

/** Goes when the time is over: what it says is no longer true then. What helps stays to be read. */
function TooOften({ problem, about, help }: { problem: Problem } & Throttled) {
  const { t } = useTranslation();
  const left = useSecondsLeft(problem.retryAt);
  const isOver = problem.retryAt !== undefined && left === 0;
  return (
    <>
      {!isOver &&
        (about === 'mail' ? <MailSoon problem={problem} /> : <Failure problem={problem} />)}
      {help !== undefined && <Notice kind="info">{help}</Notice>}
      <p className="visually-hidden" role="status">
        {isOver && t('problems.retryNow')}
      </p>
    </>
  );
}

function MailSoon({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  return (
    <Notice kind="info" title={t('resend.tooSoonTitle')}>
      <p>
        {t('resend.tooSoon')} <Wait problem={problem} words="resend.nextIn" />
      </p>
    </Notice>
  );
}

type WaitProps = { problem: Problem; words?: Parameters<typeof waitText>[3] };

/** Counts down for the eye; a screen reader hears the beginning and the end. */
function Wait({ problem: { retryAfter, retryAt }, words }: WaitProps) {
  const { t, i18n } = useTranslation();
  const left = useSecondsLeft(retryAt);
  if (retryAfter === undefined) return null;
  if (left === 0) return <span>{t('problems.retryNow')}</span>;
  return (
    <>
      <span aria-hidden="true">{waitText(t, left, i18n.language, words)}</span>
      <span className="visually-hidden">{waitText(t, retryAfter, i18n.language, words)}</span>
    </>
  );
}
