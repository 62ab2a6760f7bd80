// The record of an account, in words.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyIcon, MailIcon, ShieldIcon } from '../../ui/icons';
import { Item, ItemList } from '../../ui/ItemList';
import { BoxIcon, DoorIcon, PersonIcon, TokenIcon } from '../../ui/settings-icons';
import { TimeAgo } from '../../ui/Time';
import { activitySubject, activityWords, subjectOf, type Subject } from './activity-words';
import type { ActivityEntry } from './model';
import { placeWords } from './place-words';

const icons: Record<Subject, ReactNode> = {
  door: <DoorIcon />,
  mail: <MailIcon />,
  key: <KeyIcon />,
  shield: <ShieldIcon />,
  token: <TokenIcon />,
  person: <PersonIcon />,
  box: <BoxIcon />,
};

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
  const { at, action, outcome, by, ip_address } = entry;
  const failed = outcome === 'failure';
  const subject = activitySubject(t, entry);
  return (
    <Item
      icon={icons[subjectOf(action)]}
      tone={failed ? 'bad' : 'calm'}
      title={activityWords(t, entry)}
      facts={[
        subject,
        <TimeAgo key="at" at={at} />,
        by && by.id !== owner && t('settings.activity.by', { username: by.username }),
        placeWords(t, entry),
        ip_address && t('settings.activity.from', { address: ip_address }),
      ]}
    />
  );
}
