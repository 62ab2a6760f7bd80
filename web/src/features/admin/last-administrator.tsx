// Why the only administrator stays one.
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../api/problem';
import { Notice } from '../../ui/Notice';

/** For a dialog's `explain`. */
export const explainLastAdministrator = ({ code }: Problem) =>
  code === 'last_administrator' && <LastAdministrator />;

function LastAdministrator() {
  const { t } = useTranslation();
  return <Notice kind="bad">{t('admin.actions.role.lastAdministrator')}</Notice>;
}
