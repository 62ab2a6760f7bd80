// /admin/csp-reports: what browsers stopped on the pages of this server.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CspReportList } from '../../features/csp-reports/CspReportList';
import { ForgetReports } from '../../features/csp-reports/ForgetReports';
import type { CspReport } from '../../features/csp-reports/model';
import { cspReportsQuery } from '../../features/csp-reports/queries';
import { Card } from '../../ui/Card';
import { CheckIcon } from '../../ui/icons';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { News, useNews } from '../../ui/News';
import { Page } from '../../ui/Page';
import { EmptyState } from '../../ui/States';
import styles from './CspReportsPage.module.css';

// There may be a thousand.
const AT_ONCE = 50;

export function CspReportsPage() {
  const { t } = useTranslation();
  const { told, tell } = useNews();
  const query = useQuery(cspReportsQuery);
  return (
    <Page title={t('admin.blocked.title')} lead={t('admin.blocked.lead')}>
      <div className={styles.reports}>
        <News told={told} />
        <Loaded query={query}>
          {(reports) =>
            reports.length === 0 ? (
              <Card>
                <EmptyState icon={<CheckIcon />} title={t('admin.blocked.emptyTitle')}>
                  {t('admin.blocked.empty')}
                </EmptyState>
              </Card>
            ) : (
              <>
                <p className={styles.count}>
                  {t('admin.blocked.shown', { count: reports.length })}
                </p>
                <Some reports={reports} />
                <ForgetReports onDone={tell} />
              </>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function Some({ reports }: { reports: readonly CspReport[] }) {
  const [most, setMost] = useState(AT_ONCE);
  const shown = reports.slice(0, most);
  return (
    <>
      <Card>
        <CspReportList reports={shown} />
      </Card>
      <LoadMore
        query={{
          hasNextPage: shown.length < reports.length,
          // They are here already.
          isFetchingNextPage: false,
          isFetchNextPageError: false,
          error: null,
          fetchNextPage: () => {
            setMost(most + AT_ONCE);
          },
        }}
      />
    </>
  );
}
