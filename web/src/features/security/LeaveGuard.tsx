// Stands before the way out while something is shown that will never be shown again.
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { askBeforeSigningOut } from '../account/leaving';

type Props = {
  /** Nothing more to lose. */
  isKept?: boolean;
  title: string;
  children: string;
};

export function LeaveGuard({ isKept = false, title, children }: Props) {
  const { t } = useTranslation();
  const { isAsking, answer } = useWaysOut(isKept);
  return (
    <ConfirmDialog
      open={isAsking}
      danger
      title={title}
      confirm={t('settings.leave.go')}
      cancel={t('settings.leave.stay')}
      onClose={() => {
        answer(false);
      }}
      onConfirm={() => {
        answer(true);
      }}
    >
      <p>{children}</p>
    </ConfirmDialog>
  );
}

/** Links, the browser's own buttons, and signing out. */
function useWaysOut(isKept: boolean) {
  const blocker = useBlocker({
    shouldBlockFn: () => !isKept,
    enableBeforeUnload: () => !isKept,
    withResolver: true,
  });
  const [signOut, setSignOut] = useState<{ answer: (mayGo: boolean) => void }>();
  useEffect(() => {
    if (isKept) return;
    return askBeforeSigningOut(
      () =>
        new Promise((resolve) => {
          setSignOut({ answer: resolve });
        }),
    );
  }, [isKept]);
  // Nobody waits for an answer to a question that is gone.
  useEffect(() => () => signOut?.answer(true), [signOut]);

  const answer = (mayGo: boolean) => {
    signOut?.answer(mayGo);
    setSignOut(undefined);
    if (mayGo) blocker.proceed?.();
    else blocker.reset?.();
  };
  return { isAsking: blocker.status === 'blocked' || signOut !== undefined, answer };
}
