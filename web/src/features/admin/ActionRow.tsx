// One thing an administrator can do: a button, and a dialog that names the consequences.
import { useTranslation } from 'react-i18next';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { explainLastAdministrator } from './last-administrator';
import type { AdminUserDetails } from './model';
import { useRefreshAdmin } from './queries';
import styles from './UserActions.module.css';

type Props = {
  user: AdminUserDetails;
  /** Which of the sentences below `admin.actions`. */
  words: 'reset' | 'recovery' | 'sessions' | 'tokens' | 'disable' | 'enable';
  run: (id: string) => Promise<unknown>;
  danger?: boolean;
  onDone: (said: string) => void;
};

export function ActionRow({ user, words, run, danger = false, onDone }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshAdmin();
  const { username, email } = user;
  return (
    <div className={styles.row}>
      <ConfirmedButton
        danger={danger}
        name={t(`admin.actions.${words}.name`)}
        title={t(`admin.actions.${words}.confirmTitle`, { username })}
        confirm={t(`admin.actions.${words}.confirm`)}
        pendingText={t('admin.actions.pending')}
        run={() => run(user.id)}
        onDone={() => {
          onDone(t(`admin.actions.${words}.done`, { email }));
          return refresh();
        }}
        explain={explainLastAdministrator}
      >
        <p>{t(`admin.actions.${words}.text`, { username, email })}</p>
      </ConfirmedButton>
      <p className={styles.hint}>{t(`admin.actions.${words}.hint`)}</p>
    </div>
  );
}
