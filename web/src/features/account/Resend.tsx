// Asks for another confirmation message. The answer never tells whether an account exists.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { Notice } from '../../ui/Notice';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { useSecondsLeft } from '../../ui/useSecondsLeft';
import { resendVerification } from './link-calls';
import { address } from './rules';

/** For pages that know the address. */
export function ResendButton({ email }: { email: string }) {
  const { t } = useTranslation();
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: resendVerification });
  const problem = error ? Problem.from(error) : undefined;
  const mustWait = useSecondsLeft(problem?.retryAt) > 0;
  return (
    <>
      {isSuccess && <Sent email={email} />}
      {problem && <ProblemNotice problem={problem} about="mail" />}
      <Button
        pending={isPending}
        waiting={mustWait}
        pendingText={t('resend.pending')}
        onClick={() => {
          mutate(email);
        }}
      >
        {t('resend.again')}
      </Button>
    </>
  );
}

/** For pages that have to ask for it. */
export function ResendForm() {
  const { t } = useTranslation();
  const [sentTo, setSentTo] = useState<string>();
  const form = useForm({
    schema: address,
    initial: { email: '' },
    send: async ({ email }) => {
      setSentTo(undefined);
      await resendVerification(email);
      setSentTo(email);
    },
  });
  return (
    <>
      {sentTo !== undefined && <Sent email={sentTo} />}
      <Form
        form={form}
        throttled={{ about: 'mail' }}
        look="secondary"
        submit={t('resend.submit')}
        pendingText={t('resend.pending')}
      >
        <TextField
          {...form.field('email')}
          label={t('fields.email')}
          type="email"
          autoComplete="email"
        />
      </Form>
    </>
  );
}

function Sent({ email }: { email: string }) {
  const { t } = useTranslation();
  return <Notice kind="good">{t('resend.done', { email })}</Notice>;
}
