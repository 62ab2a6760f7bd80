// The frame of the account area: whose it is, its navigation, the page that is open.
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/client';
import { mustEnrol, SECURITY } from '../../features/account/next-path';
import { RequireUser } from '../../features/account/RequireUser';
import { EnrolFirst } from '../../features/security/EnrolFirst';
import { UserContext } from '../../features/security/user';
import { SystemIcon, ShieldIcon } from '../../ui/icons';
import { BoxIcon, ClockIcon, PersonIcon, TokenIcon } from '../../ui/settings-icons';
import { Subnav, WithSubnav } from '../../ui/Subnav';

export function SettingsLayout() {
  return <RequireUser>{(user) => <Area user={user} />}</RequireUser>;
}

function Area({ user }: { user: Me }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const isClosed = mustEnrol(user) && path !== SECURITY;
  return (
    <UserContext value={user}>
      <WithSubnav nav={<AccountSubnav />}>{isClosed ? <EnrolFirst /> : <Outlet />}</WithSubnav>
    </UserContext>
  );
}

function AccountSubnav() {
  const { t } = useTranslation();
  return (
    <Subnav label={t('settings.nav.label')}>
      <Link to="/account" activeOptions={{ exact: true }}>
        <PersonIcon />
        {t('settings.nav.profile')}
      </Link>
      <Link to="/account/security">
        <ShieldIcon />
        {t('settings.nav.security')}
      </Link>
      <Link to="/account/sessions">
        <SystemIcon />
        {t('settings.nav.sessions')}
      </Link>
      <Link to="/account/tokens">
        <TokenIcon />
        {t('settings.nav.tokens')}
      </Link>
      <Link to="/account/activity">
        <ClockIcon />
        {t('settings.nav.activity')}
      </Link>
      <Link to="/account/data">
        <BoxIcon />
        {t('settings.nav.data')}
      </Link>
    </Subnav>
  );
}
