// A button that asks the device for a passkey, and says what became of it.
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { problemText } from '../../i18n/problem-text';
import { Button } from '../../ui/Button';
import { PasskeyIcon } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { useSecondsLeft } from '../../ui/useSecondsLeft';
import { DISMISSED } from './webauthn';

type Props = {
  run: () => Promise<unknown>;
  look?: 'primary' | 'secondary';
  children: ReactNode;
};

export function PasskeyButton({ run, look = 'secondary', children }: Props) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useMutation({ mutationFn: run });
  const problem = error ? Problem.from(error) : undefined;
  const mustWait = useSecondsLeft(problem?.retryAt) > 0;
  return (
    <>
      {problem && <Outcome problem={problem} />}
      <Button
        look={look}
        pending={isPending}
        waiting={mustWait}
        pendingText={t('passkey.pending')}
        onClick={() => {
          mutate();
        }}
      >
        <PasskeyIcon />
        {children}
      </Button>
    </>
  );
}

/** Who said no to their own device made no mistake: that is told, but is no alarm. */
function Outcome({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  if (problem.code !== DISMISSED) return <ProblemNotice problem={problem} />;
  return <Notice kind="info">{problemText(t, problem)}</Notice>;
}
