// Another role for a person.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { SelectField } from '../../ui/form/SelectField';
import { Notice } from '../../ui/Notice';
import { roles, type AdminUserDetails, type Role } from './model';
import { changeRole, useRefreshAdmin } from './queries';
import styles from './UserActions.module.css';

type Props = { user: AdminUserDetails; onDone: (said: string) => void };

export function RoleRow({ user, onDone }: Props) {
  const { t } = useTranslation();
  const [role, setRole] = useState<Role>(user.role);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <div className={styles.row}>
      <p className={styles.hint}>{t('admin.actions.role.hint')}</p>
      <div className={styles.choice}>
        <SelectField
          label={t('admin.actions.role.field')}
          choices={roles.map((value) => ({ value, label: t(`account.roles.${value}`) }))}
          value={role}
          onChoose={setRole}
        />
        <Button
          waiting={role === user.role}
          aria-label={t('admin.actions.role.name')}
          onClick={() => {
            setIsAsking(true);
          }}
        >
          {t('admin.actions.role.open')}
        </Button>
      </div>
      <Question
        user={user}
        role={role}
        open={isAsking}
        onDone={onDone}
        onClose={() => {
          setIsAsking(false);
        }}
      />
    </div>
  );
}

type QuestionProps = Props & { role: Role; open: boolean; onClose: () => void };

function Question({ user: { id, username }, role, open, onDone, onClose }: QuestionProps) {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const change = useMutation({
    mutationFn: () => changeRole(id, role),
    onSuccess: async () => {
      onClose();
      onDone(t('admin.actions.role.done'));
      await refresh();
    },
  });
  const isLastAdministrator =
    change.error !== null && Problem.from(change.error).code === 'last_administrator';
  return (
    <ConfirmDialog
      open={open}
      danger={role === 'admin'}
      title={t('admin.actions.role.confirmTitle', {
        username,
        role: t(`admin.actions.role.as.${role}`),
      })}
      confirm={t('admin.actions.role.confirm')}
      pendingText={t('admin.actions.pending')}
      pending={change.isPending}
      error={isLastAdministrator ? null : change.error}
      field={
        isLastAdministrator && (
          <Notice kind="bad">{t('admin.actions.role.lastAdministrator')}</Notice>
        )
      }
      onClose={() => {
        change.reset();
        onClose();
      }}
      onConfirm={() => {
        change.mutate();
      }}
    >
      <p>{t(`admin.actions.role.${role}`)}</p>
    </ConfirmDialog>
  );
}
