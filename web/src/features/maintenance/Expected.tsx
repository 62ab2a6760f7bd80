// When it is to end, as far as anybody said, and whether that is over.
import { useTranslation } from 'react-i18next';
import type { Until } from '../../api/maintenance';
import { Moment, useNow } from '../../ui/Time';

export function Expected({ until }: { until: Until }) {
  const { t } = useTranslation();
  const now = useNow();
  if (until == null) return t('maintenance.unknown');
  const words = new Date(until) > now ? 'maintenance.expected' : 'maintenance.overdue';
  return (
    <>
      {t(words)} <Moment at={until} dated />.
    </>
  );
}
