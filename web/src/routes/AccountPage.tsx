// /account: who you are here, how this browser shows it, and the way out.
import { useTranslation } from 'react-i18next';
import type { User } from '../api/client';
import { RequireUser } from '../features/account/RequireUser';
import { SignOutButton } from '../features/account/SignOutButton';
import { regionalFormat } from '../i18n/i18n';
import { Card } from '../ui/Card';
import { cx } from '../ui/cx';
import { Page } from '../ui/Page';
import { AppearanceSettings } from '../ui/settings';
import styles from './AccountPage.module.css';

export function AccountPage() {
  return <RequireUser>{(user) => <Account user={user} />}</RequireUser>;
}

function Account({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Page
      title={t('account.title', { username: user.username })}
      documentTitle={t('account.documentTitle')}
    >
      <div className={styles.columns}>
        <Card title={t('account.details')}>
          <Details user={user} />
        </Card>
        <div className={styles.side}>
          <Card title={t('account.appearance')} hint={t('account.appearanceHint')}>
            <AppearanceSettings />
          </Card>
          <Card title={t('account.session')} hint={t('account.sessionHint')}>
            <SignOutButton look="secondary" />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Details({ user }: { user: User }) {
  const { t, i18n } = useTranslation();
  const since = new Intl.DateTimeFormat(regionalFormat(i18n.language), { dateStyle: 'long' });
  return (
    <dl className={styles.details}>
      <div>
        <dt>{t('account.username')}</dt>
        <dd>{user.username}</dd>
      </div>
      <div>
        <dt>{t('account.email')}</dt>
        <dd>
          {user.email}{' '}
          <span className={cx(styles.badge, user.email_verified && styles.verified)}>
            {user.email_verified ? t('account.verified') : t('account.unverified')}
          </span>
        </dd>
      </div>
      <div>
        <dt>{t('account.role')}</dt>
        <dd>{t(`account.roles.${user.role}`)}</dd>
      </div>
      <div>
        <dt>{t('account.since')}</dt>
        <dd>
          <time dateTime={user.created_at}>{since.format(new Date(user.created_at))}</time>
        </dd>
      </div>
      <div>
        <dt>{t('account.id')}</dt>
        <dd className={styles.id}>{user.id}</dd>
      </div>
    </dl>
  );
}
