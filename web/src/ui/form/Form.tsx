// The frame around a form's fields: what went wrong above them, the submit button below.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../Button';
import { ProblemNotice, type Throttled } from '../ProblemNotice';
import { useSecondsLeft } from '../useSecondsLeft';
import styles from './Form.module.css';
import type { useForm } from './useForm';

type Props = {
  form: Pick<
    ReturnType<typeof useForm>,
    'formProps' | 'pending' | 'problem' | 'others' | 'mistakes'
  >;
  submit: string;
  pendingText: string;
  look?: 'primary' | 'secondary';
  /** Another button, beside the one that submits. */
  aside?: ReactNode;
  throttled?: Throttled;
  children: ReactNode;
};

export function Form({ form, submit, pendingText, look = 'primary', ...rest }: Props) {
  const { t } = useTranslation();
  const { aside, throttled, children } = rest;
  const { formProps, pending, problem, others, mistakes } = form;
  const mustWait = useSecondsLeft(problem?.retryAt) > 0;
  return (
    <form className={styles.form} {...formProps}>
      {problem && <ProblemNotice problem={problem} mistakes={others} keeps {...throttled} />}
      <p className="visually-hidden" role="status">
        {mistakes > 0 && t('validation.summary', { count: mistakes })}
      </p>
      {children}
      <div className={styles.buttons}>
        <Button
          type="submit"
          look={look}
          pending={pending}
          pendingText={pendingText}
          waiting={mustWait}
        >
          {submit}
        </Button>
        {aside}
      </div>
    </form>
  );
}
