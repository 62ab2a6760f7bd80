// The frame of the administration: open to administrators only. The server decides; this only spares
// others pages full of refusals.
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/client';
import { mustEnrol } from '../../features/account/next-path';
import { RequireUser } from '../../features/account/RequireUser';
import { AdminSubnav } from '../../features/admin/AdminSubnav';
import { EnrolFirst } from '../../features/security/EnrolFirst';
import { UserContext } from '../../features/security/user';
import { ButtonLink } from '../../ui/Button';
import { ShieldIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';
import { WithSubnav } from '../../ui/Subnav';

export function AdminLayout() {
  return <RequireUser>{(user) => <Area user={user} />}</RequireUser>;
}

function Area({ user }: { user: Me }) {
  if (user.role !== 'admin') return <Forbidden />;
  if (mustEnrol(user)) return <EnrolFirst />;
  return (
    <UserContext value={user}>
      <WithSubnav nav={<AdminSubnav />}>
        <Outlet />
      </WithSubnav>
    </UserContext>
  );
}

function Forbidden() {
  const { t } = useTranslation();
  return (
    <Page
      icon={<ShieldIcon />}
      title={t('admin.forbiddenTitle')}
      lead={t('admin.forbidden')}
      width="form"
    >
      <ButtonLink to="/account">{t('nav.account')}</ButtonLink>
    </Page>
  );
}
