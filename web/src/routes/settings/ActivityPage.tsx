// /account/activity: what happened to the account.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ActivityList } from '../../features/security/ActivityList';
import { activityQuery } from '../../features/security/queries';
import { useUser } from '../../features/security/user';
import { Card } from '../../ui/Card';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { Page } from '../../ui/Page';
import { ClockIcon } from '../../ui/settings-icons';
import { Stack } from '../../ui/Stack';
import { EmptyState } from '../../ui/States';

export function ActivityPage() {
  const { t } = useTranslation();
  const { id } = useUser();
  const query = useInfiniteQuery(activityQuery);
  return (
    <Page title={t('settings.activity.title')} lead={t('settings.activity.lead')}>
      <Stack>
        <Loaded query={query}>
          {({ pages }) => {
            const entries = pages.flatMap((page) => page.entries);
            return (
              <>
                <Card>
                  {entries.length === 0 ? (
                    <EmptyState icon={<ClockIcon />} title={t('settings.activity.emptyTitle')}>
                      {t('settings.activity.empty')}
                    </EmptyState>
                  ) : (
                    <ActivityList entries={entries} owner={id} />
                  )}
                </Card>
                <LoadMore query={query} />
              </>
            );
          }}
        </Loaded>
      </Stack>
    </Page>
  );
}
