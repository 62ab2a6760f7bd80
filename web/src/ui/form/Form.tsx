// The frame around a form's fields: what went wrong above them, the submit button below.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../Button';
import { ProblemNotice } from '../ProblemNotice';
import styles from './Form.module.css';
import type { useForm } from './useForm';

type Props = {
  form: Pick<ReturnType<typeof useForm>, 'formProps' | 'pending' | 'problem' | 'mistakes'>;
  submit: string;
  pendingText: string;
  look?: 'primary' | 'secondary';
  children: ReactNode;
};

export function Form({ form, submit, pendingText, look = 'primary', children }: Props) {
  const { t } = useTranslation();
  const { formProps, pending, problem, mistakes } = form;
  return (
    <form className={styles.form} {...formProps}>
      {problem && <ProblemNotice problem={problem} />}
      <p className="visually-hidden" role="status">
        {mistakes > 0 && t('validation.summary', { count: mistakes })}
      </p>
      {children}
      <Button type="submit" look={look} pending={pending} pendingText={pendingText}>
        {submit}
      </Button>
    </form>
  );
}
