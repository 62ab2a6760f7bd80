// Stands where a page would, while the server's policy waits for a second factor.
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../ui/Button';
import { SECURITY } from '../account/next-path';
import { ShieldIcon } from '../../ui/icons';
import { Page } from '../../ui/Page';

export function EnrolFirst() {
  const { t } = useTranslation();
  return (
    <Page icon={<ShieldIcon />} title={t('settings.gate.title')} lead={t('settings.gate.lead')}>
      <div>
        <ButtonLink look="primary" to={SECURITY}>
          {t('settings.gate.action')}
        </ButtonLink>
      </div>
    </Page>
  );
}
