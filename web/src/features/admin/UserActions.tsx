// What an administrator can do for, or against, an account. Never choose its password.
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { News, useNews } from '../../ui/News';
import { useUser } from '../security/user';
import { ActionRow } from './ActionRow';
import type { AdminUserDetails } from './model';
import {
  disableUser,
  enableUser,
  endUserSessions,
  revokeUserTokens,
  startRecovery,
  startReset,
} from './queries';
import { RoleRow } from './RoleRow';
import styles from './UserActions.module.css';

type Props = { user: AdminUserDetails };

export function UserActions({ user }: Props) {
  const { t } = useTranslation();
  const { id: ownId } = useUser();
  const { told, tell } = useNews();
  const isSelf = user.id === ownId;
  return (
    <Card title={t('admin.actions.title')} {...(!isSelf && { hint: t('admin.actions.hint') })}>
      <News told={told} />
      {isSelf ? <Yourself /> : <ForOthers user={user} onDone={tell} />}
      <RoleRow key={user.role} user={user} onDone={tell} />
    </Card>
  );
}

/** One's own account is looked after where everybody looks after theirs. */
function Yourself() {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('admin.user.you')}</p>
      <div>
        <ButtonLink to="/account">{t('admin.user.yours')}</ButtonLink>
      </div>
    </>
  );
}

function ForOthers({ user, onDone }: Props & { onDone: (said: string) => void }) {
  const row = { user, onDone };
  const isDisabled = Boolean(user.disabled_at);
  return (
    <div className={styles.rows}>
      {/* A link to a disabled account would not work. */}
      {!isDisabled && <ActionRow {...row} words="reset" run={startReset} />}
      {!isDisabled && user.second_factor && (
        <ActionRow {...row} words="recovery" run={startRecovery} />
      )}
      {user.sessions.length > 0 && (
        <ActionRow {...row} words="sessions" run={endUserSessions} danger />
      )}
      {user.tokens > 0 && <ActionRow {...row} words="tokens" run={revokeUserTokens} danger />}
      {isDisabled ? (
        <ActionRow {...row} words="enable" run={enableUser} />
      ) : (
        <ActionRow {...row} words="disable" run={disableUser} danger />
      )}
    </div>
  );
}
