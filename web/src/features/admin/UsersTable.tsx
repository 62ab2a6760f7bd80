// Everybody, one row each.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { Cell, RowHeader, Table } from '../../ui/Table';
import { Moment } from '../../ui/Time';
import { useUser } from '../security/user';
import type { AdminUser } from './model';
import styles from './UsersTable.module.css';

export function UsersTable({ users }: { users: readonly AdminUser[] }) {
  const { t } = useTranslation();
  const columns = [
    t('admin.users.person'),
    t('admin.users.role'),
    t('admin.users.state'),
    t('admin.users.lastSeen'),
  ];
  return (
    <Table label={t('admin.users.title')} columns={columns}>
      {users.map((user) => (
        <Row key={user.id} user={user} />
      ))}
    </Table>
  );
}

function Row({ user }: { user: AdminUser }) {
  const { t } = useTranslation();
  const { id: ownId } = useUser();
  return (
    <tr>
      <RowHeader>
        <span className={styles.person}>
          <span className={styles.name}>
            <Link to="/admin/users/$id" params={{ id: user.id }}>
              {user.username}
            </Link>
            {user.id === ownId && <Badge>{t('admin.users.you')}</Badge>}
          </span>
          <span className={styles.email}>{user.email}</span>
        </span>
      </RowHeader>
      <Cell name={t('admin.users.role')}>
        {user.role === 'user' ? (
          <span className={styles.plain}>{t('account.roles.user')}</span>
        ) : (
          <Badge tone="accent">{t(`account.roles.${user.role}`)}</Badge>
        )}
      </Cell>
      <Cell name={t('admin.users.state')}>
        <StateBadges user={user} />
      </Cell>
      <Cell name={t('admin.users.lastSeen')}>
        {user.last_seen_at ? <Moment at={user.last_seen_at} /> : t('admin.users.never')}
      </Cell>
    </tr>
  );
}

function StateBadges({ user }: { user: AdminUser }) {
  const { t } = useTranslation();
  const { disabled_at, email_verified, second_factor } = user;
  return (
    <>
      {disabled_at && <Badge tone="bad">{t('admin.users.disabled')}</Badge>}
      {!email_verified && <Badge tone="bad">{t('admin.users.unconfirmed')}</Badge>}
      {!disabled_at && email_verified && (
        <span className={styles.plain}>{t('admin.users.active')}</span>
      )}
      {second_factor && <Badge tone="good">{t('admin.users.secondFactor')}</Badge>}
    </>
  );
}
