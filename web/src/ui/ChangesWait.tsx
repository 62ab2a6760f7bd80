// A change that was refused because the server is being worked on: nothing is lost, and when to try again. Tells of the
// end by itself.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { maintenanceQuery, type Until } from '../api/maintenance';
import { Notice } from './Notice';
import { ShortMoment, useNow } from './Time';

type Props = {
  /** Whether what was entered is still there to be sent again. */
  keeps: boolean;
};

export function ChangesWait({ keeps }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(maintenanceQuery);
  if (data?.active === false) {
    return (
      <Notice kind="good" title={t('maintenance.over')}>
        <p>{t(keeps ? 'maintenance.sendAgain' : 'maintenance.tryAgain')}</p>
      </Notice>
    );
  }
  return (
    <Notice kind="info" title={t('maintenance.refused')}>
      <p>{t(keeps ? 'maintenance.kept' : 'maintenance.unchanged')}</p>
      <p>
        <When until={data?.until} /> {t('maintenance.watching')}
      </p>
    </Notice>
  );
}

function When({ until }: { until: Until }) {
  const { t } = useTranslation();
  const now = useNow();
  if (until == null || new Date(until) <= now) return t('maintenance.tryLater');
  return (
    <>
      {t('maintenance.tryAfter')} <ShortMoment at={until} />.
    </>
  );
}
