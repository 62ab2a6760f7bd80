// Another role for a person.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { SelectField } from '../../ui/form/SelectField';
import { explainLastAdministrator } from './last-administrator';
import { roles, type AdminUserDetails, type Role } from './model';
import { changeRole, useRefreshAdmin } from './queries';
import styles from './UserActions.module.css';

type Props = { user: AdminUserDetails; onDone: (said: string) => void };

export function RoleRow({ user: { id, username, role: present }, onDone }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const [role, setRole] = useState<Role>(present);
  const to = t(`admin.actions.role.as.${role}`);
  return (
    <div className={styles.row}>
      <SelectField
        label={t('admin.actions.role.field')}
        choices={roles.map((value) => ({ value, label: t(`account.roles.${value}`) }))}
        value={role}
        onChoose={setRole}
      />
      <ConfirmedButton
        danger={role === 'admin'}
        button={{ waiting: role === present }}
        name={t('admin.actions.role.name')}
        title={t('admin.actions.role.confirmTitle', { username, role: to })}
        confirm={t('admin.actions.role.confirm')}
        pendingText={t('admin.actions.pending')}
        run={() => changeRole(id, role)}
        onDone={() => {
          onDone(t('admin.actions.role.done'));
          return refresh();
        }}
        explain={explainLastAdministrator}
      >
        <p>{t(`admin.actions.role.${role}`)}</p>
      </ConfirmedButton>
      <p className={styles.hint}>{t('admin.actions.role.hint')}</p>
    </div>
  );
}
