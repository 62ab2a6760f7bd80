// One thing an administrator can do: a button, and a dialog that names the consequences.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DangerButton } from '../../ui/DangerButton';
import { Notice } from '../../ui/Notice';
import type { AdminUserDetails } from './model';
import { useRefreshAdmin } from './queries';
import styles from './UserActions.module.css';

type Props = {
  user: AdminUserDetails;
  /** Which of the sentences below `admin.actions`. */
  words: 'reset' | 'recovery' | 'sessions' | 'disable' | 'enable';
  run: (id: string) => Promise<unknown>;
  danger?: boolean;
  onDone: (said: string) => void;
};

export function ActionRow({ user, words, run, danger = false, onDone }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const [isAsking, setIsAsking] = useState(false);
  const { username, email } = user;
  const action = useMutation({
    mutationFn: () => run(user.id),
    onSuccess: async () => {
      setIsAsking(false);
      onDone(t(`admin.actions.${words}.done`, { email }));
      await refresh();
    },
  });
  const isLastAdministrator =
    action.error !== null && Problem.from(action.error).code === 'last_administrator';
  const Trigger = danger ? DangerButton : Button;
  return (
    <div className={styles.row}>
      <Trigger
        onClick={() => {
          action.reset();
          setIsAsking(true);
        }}
      >
        {t(`admin.actions.${words}.name`)}
      </Trigger>
      <p className={styles.hint}>{t(`admin.actions.${words}.hint`)}</p>
      <ConfirmDialog
        open={isAsking}
        danger={danger}
        title={t(`admin.actions.${words}.confirmTitle`, { username })}
        confirm={t(`admin.actions.${words}.confirm`)}
        pendingText={t('admin.actions.pending')}
        pending={action.isPending}
        error={isLastAdministrator ? null : action.error}
        field={
          isLastAdministrator && (
            <Notice kind="bad">{t('admin.actions.role.lastAdministrator')}</Notice>
          )
        }
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={() => {
          action.mutate();
        }}
      >
        <p>{t(`admin.actions.${words}.text`, { username, email })}</p>
      </ConfirmDialog>
    </div>
  );
}
