// The pages of the administration.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import {
  BarrierIcon,
  BookIcon,
  GateIcon,
  PeopleIcon,
  RoomIcon,
  ToolsIcon,
} from '../../ui/settings-icons';
import { Subnav } from '../../ui/Subnav';

export function AdminSubnav() {
  const { t } = useTranslation();
  return (
    <Subnav label={t('admin.nav')}>
      <Link to="/admin/users">
        <PeopleIcon />
        {t('admin.pages.users')}
      </Link>
      <Link to="/admin/releases">
        <GateIcon />
        {t('admin.pages.releases')}
      </Link>
      <Link to="/admin/live">
        <RoomIcon />
        {t('admin.pages.live')}
      </Link>
      <Link to="/admin/audit">
        <BookIcon />
        {t('admin.pages.audit')}
      </Link>
      <Link to="/admin/csp-reports">
        <BarrierIcon />
        {t('admin.pages.blocked')}
      </Link>
      <Link to="/admin/maintenance">
        <ToolsIcon />
        {t('admin.pages.maintenance')}
      </Link>
    </Subnav>
  );
}
