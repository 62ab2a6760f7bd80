// What browsers stopped, each kind once.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { FoldButton } from '../../ui/FoldButton';
import { Item, ItemList } from '../../ui/ItemList';
import { BarrierIcon } from '../../ui/settings-icons';
import { SmallFacts } from '../../ui/SmallFacts';
import { ExactMoment, Moment } from '../../ui/Time';
import type { CspReport } from './model';
import { isOfExtension, isOthers, reportWords, sourceWords } from './report-words';

export function CspReportList({ reports }: { reports: readonly CspReport[] }) {
  const { t } = useTranslation();
  return (
    <ItemList label={t('admin.blocked.list')}>
      {reports.map((report) => (
        <Report key={report.id} report={report} />
      ))}
    </ItemList>
  );
}

function Report({ report }: { report: CspReport }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { page, seen, last_seen_at } = report;
  const title = reportWords(t, report);
  return (
    <Item
      icon={<BarrierIcon />}
      title={title}
      badges={isOfExtension(report) && <Badge>{t('admin.blocked.extension')}</Badge>}
      facts={[
        isOthers(report) ? t('admin.blocked.othersHint') : t('admin.blocked.onPage', { page }),
        t('admin.blocked.seen', { count: seen }),
        <span key="last">
          {t('admin.blocked.last')} <Moment at={last_seen_at} />
        </span>,
      ]}
      actions={
        <FoldButton
          open={open}
          controls={id}
          label={t('admin.blocked.detailsOf', { title })}
          onToggle={() => {
            setOpen(!open);
          }}
        >
          {t('admin.blocked.details')}
        </FoldButton>
      }
      more={
        open && (
          <div id={id}>
            <Details report={report} />
          </div>
        )
      }
    />
  );
}

/** As the browser reported it. */
function Details({ report }: { report: CspReport }) {
  const { t } = useTranslation();
  const { page, directive, blocked, first_seen_at, last_seen_at } = report;
  const unknown = t('admin.blocked.detail.unknown');
  const told = [
    { name: t('admin.blocked.detail.page'), value: <code>{page}</code> },
    { name: t('admin.blocked.detail.directive'), value: <code>{directive}</code> },
    {
      name: t('admin.blocked.detail.blocked'),
      value: blocked === '' ? unknown : <code>{blocked}</code>,
    },
    { name: t('admin.blocked.detail.source'), value: sourceWords(t, report) ?? unknown },
  ];
  const times = [
    { name: t('admin.blocked.detail.first'), value: <ExactMoment at={first_seen_at} /> },
    { name: t('admin.blocked.detail.last'), value: <ExactMoment at={last_seen_at} /> },
  ];
  return <SmallFacts facts={isOthers(report) ? times : [...told, ...times]} />;
}
