// /admin/live: what goes on in live rooms.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Ends } from '../../features/live/Ends';
import { LiveNumbers } from '../../features/live/LiveNumbers';
import { liveQuery } from '../../features/live/queries';
import { Reach } from '../../features/live/Reach';
import { SinceStart } from '../../features/live/SinceStart';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { Stack } from '../../ui/Stack';

export function LivePage() {
  const { t } = useTranslation();
  const query = useQuery(liveQuery);
  return (
    <Page title={t('admin.live.title')} lead={t('admin.live.lead')}>
      <Loaded query={query}>
        {(status) => (
          <Stack>
            <Reach status={status} />
            <LiveNumbers status={status} />
            <SinceStart status={status} />
            <Ends status={status} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
