// What happened, in words: what, by whom, to whom, when and from where.
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FoldButton } from '../../ui/FoldButton';
import { Item, ItemList } from '../../ui/ItemList';
import { SmallFacts } from '../../ui/SmallFacts';
import { ExactMoment, Moment } from '../../ui/Time';
import { activitySubject, activityWords } from '../security/activity-words';
import { ActivityIcon } from '../security/ActivityIcon';
import { placeWords } from '../security/place-words';
import { SafeMessage } from '../maintenance/SafeMessage';
import { auditDetails, type Detail } from './details';
import type { AuditEntry, Person } from './model';
import { PersonName } from './PersonName';
import { toWhom, whoDid } from './who';

type Props = {
  entries: readonly AuditEntry[];
  /** Whom all of it is about, if it is about one person. */
  person?: Person | undefined;
};

export function AuditList({ entries, person }: Props) {
  const { t } = useTranslation();
  return (
    <ItemList label={t('admin.audit.list')}>
      {entries.map((entry) => (
        <AuditItem key={entry.id} entry={entry} person={person} />
      ))}
    </ItemList>
  );
}

type ItemProps = { entry: AuditEntry; person: Person | undefined };

function AuditItem({ entry, person }: ItemProps) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const title = activityWords(t, entry);
  const whom = toWhom(entry, person);
  return (
    <Item
      icon={<ActivityIcon action={entry.action} />}
      tone={entry.outcome === 'failure' ? 'bad' : 'calm'}
      title={title}
      facts={[
        <Doer key="by" entry={entry} />,
        whom && (
          <Named key="about" words={t('admin.audit.account')}>
            <PersonName person={whom} />
          </Named>
        ),
        activitySubject(t, entry),
        <Moment key="at" at={entry.at} dated />,
        placeWords(t, entry),
        entry.ip_address && t('settings.activity.from', { address: entry.ip_address }),
      ]}
      actions={
        <FoldButton
          open={open}
          controls={id}
          label={t('admin.audit.detailsOf', { title })}
          onToggle={() => {
            setOpen(!open);
          }}
        >
          {t('admin.audit.details')}
        </FoldButton>
      }
      more={
        open && (
          <div id={id}>
            <Details entry={entry} />
          </div>
        )
      }
    />
  );
}

function Doer({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const who = whoDid(entry);
  if (who === 'operator') return t('admin.audit.byOperator');
  if (who === 'program') return t('admin.audit.byProgram');
  if (who === 'stranger') return t('admin.audit.byStranger');
  return (
    <Named words={t('admin.audit.by')}>
      <PersonName person={who} />
    </Named>
  );
}

function Named({ words, children }: { words: string; children: ReactNode }) {
  return (
    <>
      {words} {children}
    </>
  );
}

/** All of it, and what to look for on the server. */
function Details({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  return (
    <SmallFacts
      facts={[
        { name: t('admin.audit.detail.at'), value: <ExactMoment at={entry.at} /> },
        ...auditDetails(t, entry).map((detail) => ({
          name: detail.name,
          value: <Value detail={detail} />,
        })),
        { name: t('admin.audit.detail.action'), value: <code>{entry.action}</code> },
        { name: t('admin.audit.detail.id'), value: <code>{entry.id}</code> },
      ]}
    />
  );
}

function Value({ detail: { value, isMoment, isMessage } }: { detail: Detail }) {
  if (isMoment) return <ExactMoment at={value} />;
  return isMessage ? <SafeMessage html={value} /> : value;
}
