// How it stands with other nodes.
import { useTranslation } from 'react-i18next';
import { Notice } from '../../ui/Notice';
import type { LiveStatus } from './model';

/** Nothing is said while all is well: a page that says so all the time is not read when it is not. */
export function Reach({ status: { cluster, dropped } }: { status: LiveStatus }) {
  const { t } = useTranslation();
  if (cluster === 'out_of_reach') {
    return (
      <Notice kind="bad" title={t('admin.live.outOfReachTitle')}>
        <p>{t('admin.live.outOfReach')}</p>
      </Notice>
    );
  }
  if (dropped === 0) return null;
  return (
    <Notice kind="info" title={t('admin.live.droppedTitle')}>
      <p>{t('admin.live.dropped', { count: dropped })}</p>
    </Notice>
  );
}
