// What happened at the gate, newest first, each decision with what it rests on.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { FoldButton } from '../../ui/FoldButton';
import { GateIcon } from '../../ui/settings-icons';
import { Item, ItemList } from '../../ui/ItemList';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { Moment } from '../../ui/Time';
import { EvidenceTables } from './EvidenceTable';
import { eventWords } from './event-words';
import styles from './History.module.css';
import type { Told } from './model';
import { historyQuery } from './queries';

type Props = {
  service: string;
  /** What may have brought something new when it is another. */
  signature: string;
};

export function History({ service, signature }: Props) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(historyQuery(service));
  useNews(service, signature);
  return (
    <Card title={t('admin.releases.history.title')}>
      <Loaded query={query}>
        {({ pages }) => {
          const records = pages.flatMap((page) => page.records);
          if (records.length === 0) {
            return <p className={styles.empty}>{t('admin.releases.history.empty')}</p>;
          }
          return (
            <>
              <ItemList label={t('admin.releases.history.list')}>
                {records.map((told) => (
                  <Happened key={told.record.number} told={told} />
                ))}
              </ItemList>
              <LoadMore query={query} />
            </>
          );
        }}
      </Loaded>
      <p className={styles.audit}>
        <Link to="/admin/audit">{t('admin.releases.history.audit')}</Link>
      </p>
    </Card>
  );
}

/** Reads the history again when something may have happened. */
function useNews(service: string, signature: string) {
  const client = useQueryClient();
  const known = useRef(signature);
  useEffect(() => {
    if (known.current === signature) return;
    known.current = signature;
    void client.invalidateQueries({ queryKey: historyQuery(service).queryKey });
  }, [client, service, signature]);
}

function Happened({ told: { record } }: { told: Told }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { title, facts, tone, evidence, candidate } = eventWords(t, record.happened, i18n.language);
  const hasEvidence = evidence.length > 0 && candidate !== undefined;
  return (
    <Item
      icon={<GateIcon />}
      tone={tone}
      title={title}
      facts={[...facts, <Moment key="at" at={record.at} dated />]}
      actions={
        hasEvidence && (
          <FoldButton
            open={open}
            controls={id}
            label={t('admin.releases.history.evidenceOf', { title })}
            onToggle={() => {
              setOpen(!open);
            }}
          >
            {t('admin.releases.history.evidence')}
          </FoldButton>
        )
      }
      more={
        open &&
        hasEvidence && (
          <div id={id} className={styles.evidence}>
            <EvidenceTables evidence={evidence} candidate={candidate} />
          </div>
        )
      }
    />
  );
}
