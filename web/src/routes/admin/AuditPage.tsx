// /admin/audit: what happened to anybody. The address holds what is looked for, so that a view can be shared.
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { AuditFilters } from '../../features/audit/AuditFilters';
import { AuditList } from '../../features/audit/AuditList';
import { isFiltered, tidied, type Filters } from '../../features/audit/filters';
import type { AuditEntry } from '../../features/audit/model';
import { ProofCard } from '../../features/audit/ProofCard';
import { auditQuery } from '../../features/audit/queries';
import { usePerson } from '../../features/audit/usePerson';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { Page } from '../../ui/Page';
import { BookIcon, SearchIcon } from '../../ui/settings-icons';
import { EmptyState } from '../../ui/States';
import styles from './AuditPage.module.css';

const route = getRouteApi('/admin/audit');

export function AuditPage() {
  const { t } = useTranslation();
  const filters = tidied(route.useSearch());
  const navigate = route.useNavigate();
  const place = useRef<HTMLDivElement>(null);
  const onChange = (search: Filters) => {
    void navigate({ search, resetScroll: false });
  };
  return (
    <Page title={t('admin.audit.title')} lead={t('admin.audit.lead')}>
      <div className={styles.log}>
        <div className={styles.proof}>
          <ProofCard />
        </div>
        <AuditFilters ref={place} filters={filters} onChange={onChange} />
        <Found
          filters={filters}
          onRemove={() => {
            onChange({});
            place.current?.focus();
          }}
        />
      </div>
    </Page>
  );
}

type FoundProps = { filters: Filters; onRemove: () => void };

function Found({ filters, onRemove }: FoundProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(auditQuery(filters));
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const entries = pages.flatMap((page) => page.entries);
        const count = { count: entries.length };
        const isEmpty = entries.length === 0;
        return (
          <>
            <div className={styles.found}>
              <p className={styles.count} role="status">
                {query.hasNextPage
                  ? t('admin.audit.shownSome', count)
                  : t('admin.audit.shown', count)}
              </p>
              {isFiltered(filters) && !isEmpty && (
                <Button look="quiet" onClick={onRemove}>
                  {t('admin.audit.filters.remove')}
                </Button>
              )}
            </div>
            <Card>
              {isEmpty ? (
                <Nothing isFiltered={isFiltered(filters)} onRemove={onRemove} />
              ) : (
                <Entries
                  entries={entries}
                  // What is still shown meanwhile is about somebody else.
                  person={query.isPlaceholderData ? undefined : filters.person}
                />
              )}
            </Card>
            <LoadMore query={query} />
          </>
        );
      }}
    </Loaded>
  );
}

type EntriesProps = { entries: readonly AuditEntry[]; person: string | undefined };

function Entries({ entries, person }: EntriesProps) {
  if (person === undefined) return <AuditList entries={entries} />;
  return <EntriesAbout entries={entries} id={person} />;
}

function EntriesAbout({ entries, id }: { entries: readonly AuditEntry[]; id: string }) {
  return <AuditList entries={entries} person={usePerson(id)} />;
}

function Nothing({ isFiltered, onRemove }: { isFiltered: boolean; onRemove: () => void }) {
  const { t } = useTranslation();
  if (!isFiltered) {
    return (
      <EmptyState icon={<BookIcon />} title={t('admin.audit.emptyAllTitle')}>
        {t('admin.audit.emptyAll')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchIcon />}
      title={t('admin.audit.emptyTitle')}
      action={<Button onClick={onRemove}>{t('admin.audit.filters.remove')}</Button>}
    >
      {t('admin.audit.empty')}
    </EmptyState>
  );
}
