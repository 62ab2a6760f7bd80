// /account: who you are here, how this browser shows it, and the way out.
import { useTranslation } from 'react-i18next';
import { SignOutButton } from '../../features/account/SignOutButton';
import { ChangeEmail } from '../../features/security/ChangeEmail';
import { useUser } from '../../features/security/user';
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import { Page } from '../../ui/Page';
import { AppearanceSettings } from '../../ui/settings';
import { Stack } from '../../ui/Stack';
import { Day } from '../../ui/Time';

export function ProfilePage() {
  const { t } = useTranslation();
  const { username } = useUser();
  return (
    <Page title={t('account.title', { username })} documentTitle={t('account.documentTitle')}>
      <Stack>
        <Card title={t('account.details')}>
          <Details />
        </Card>
        <Card title={t('settings.email.title')} hint={t('settings.email.hint')}>
          <ChangeEmail />
        </Card>
        <Card title={t('account.appearance')} hint={t('account.appearanceHint')}>
          <AppearanceSettings />
        </Card>
        <Card title={t('account.session')} hint={t('account.sessionHint')}>
          <SignOutButton look="secondary" />
        </Card>
      </Stack>
    </Page>
  );
}

function Details() {
  const { t } = useTranslation();
  const { username, role, created_at, id } = useUser();
  return (
    <Facts>
      <Fact name={t('account.username')}>{username}</Fact>
      <Fact name={t('account.role')}>
        <Badge tone={role === 'admin' ? 'accent' : 'neutral'}>{t(`account.roles.${role}`)}</Badge>
      </Fact>
      <Fact name={t('account.since')}>
        <Day at={created_at} />
      </Fact>
      <Fact name={t('account.id')}>
        <code>{id}</code>
      </Fact>
    </Facts>
  );
}
