// The record of an account, in words.
import { useTranslation } from 'react-i18next';
import { Item, ItemList } from '../../ui/ItemList';
import { Moment } from '../../ui/Time';
import { ActivityIcon } from './ActivityIcon';
import { activitySubject, activityWords } from './activity-words';
import type { ActivityEntry } from './model';
import { placeWords } from './place-words';

type Props = { entries: readonly ActivityEntry[]; /** Whose record it is. */ owner: string };

export function ActivityList({ entries, owner }: Props) {
  const { t } = useTranslation();
  return (
    <ItemList label={t('settings.activity.list')}>
      {entries.map((entry) => (
        <ActivityItem key={entry.id} entry={entry} owner={owner} />
      ))}
    </ItemList>
  );
}

function ActivityItem({ entry, owner }: { entry: ActivityEntry; owner: string }) {
  const { t } = useTranslation();
  const { at, action, outcome, by, by_operator, about, ip_address } = entry;
  const failed = outcome === 'failure';
  const subject = activitySubject(t, entry);
  return (
    <Item
      icon={<ActivityIcon action={action} />}
      tone={failed ? 'bad' : 'calm'}
      title={activityWords(t, entry)}
      facts={[
        subject,
        <Moment key="at" at={at} dated />,
        about && t('settings.activity.about', { username: about.username }),
        by && by.id !== owner && t('settings.activity.by', { username: by.username }),
        by_operator && t('settings.activity.byOperator'),
        placeWords(t, entry),
        ip_address && t('settings.activity.from', { address: ip_address }),
      ]}
    />
  );
}
