// /admin/users: everybody with an account here.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { EndAllSessions } from '../../features/admin/EndAllSessions';
import { usersQuery } from '../../features/admin/queries';
import { UsersTable } from '../../features/admin/UsersTable';
import { Card } from '../../ui/Card';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { Page } from '../../ui/Page';
import { SearchBox } from '../../ui/SearchBox';
import { PeopleIcon } from '../../ui/settings-icons';
import { EmptyState } from '../../ui/States';
import styles from './UsersPage.module.css';

const route = getRouteApi('/admin/users');

export function UsersPage() {
  const { t } = useTranslation();
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const onSearch = useCallback(
    (wanted: string) => {
      void navigate({
        search: wanted === '' ? {} : { search: wanted },
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return (
    <Page title={t('admin.users.title')} lead={t('admin.users.lead')}>
      <div className={styles.list}>
        <SearchBox label={t('admin.users.search')} value={search} onSearch={onSearch} />
        <Found search={search} />
        <EndAllSessions />
      </div>
    </Page>
  );
}

function Found({ search }: { search: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(usersQuery(search));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const users = pages.flatMap((page) => page.users);
        const count = { count: users.length };
        return (
          <>
            <p className={styles.count} role="status">
              {query.hasNextPage
                ? t('admin.users.shownSome', count)
                : t('admin.users.shown', count)}
            </p>
            <Card>
              {users.length === 0 ? (
                <EmptyState icon={<PeopleIcon />} title={t('admin.users.emptyTitle')}>
                  {t('admin.users.empty', { search })}
                </EmptyState>
              ) : (
                <UsersTable users={users} />
              )}
            </Card>
            <LoadMore query={query} />
          </>
        );
      }}
    </Loaded>
  );
}
