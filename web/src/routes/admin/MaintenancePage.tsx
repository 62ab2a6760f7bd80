// /admin/maintenance: lets changes wait while the server is worked on.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { maintenanceQuery } from '../../api/maintenance';
import { MaintenanceState } from '../../features/maintenance/MaintenanceState';
import { StartMaintenance } from '../../features/maintenance/StartMaintenance';
import { Loaded } from '../../ui/Loaded';
import { News, useNews } from '../../ui/News';
import { Page } from '../../ui/Page';
import { Stack } from '../../ui/Stack';

export function MaintenancePage() {
  const { t } = useTranslation();
  const { told, tell } = useNews();
  // Whoever decides something here sees what is so, not what was.
  const query = useQuery({ ...maintenanceQuery, staleTime: 0 });
  return (
    <Page title={t('admin.maintenance.title')} lead={t('admin.maintenance.lead')}>
      <Stack>
        <News told={told} />
        <Loaded query={query}>
          {(state) => (
            <>
              <MaintenanceState state={state} onDone={tell} />
              {!state.active && <StartMaintenance onDone={tell} />}
            </>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}
