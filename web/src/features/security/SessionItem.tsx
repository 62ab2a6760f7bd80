// One session: on what, from where, since when, and how it began.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { GlobeIcon } from '../../ui/icons';
import { Item } from '../../ui/ItemList';
import { LaptopIcon, PhoneIcon, TabletIcon, TokenIcon } from '../../ui/settings-icons';
import { Moment } from '../../ui/Time';
import type { DeviceKind, Session } from './model';
import { placeWords } from './place-words';

const icons: Record<DeviceKind, ReactNode> = {
  desktop: <LaptopIcon />,
  phone: <PhoneIcon />,
  tablet: <TabletIcon />,
  program: <TokenIcon />,
};

type Props = {
  session: Session;
  /** What can be done with it; gets the name that the list shows. */
  action?: (session: { name: string }) => ReactNode;
};

export function SessionItem({ session, action }: Props) {
  const { t } = useTranslation();
  const name = placeWords(t, session) ?? t('settings.sessions.unknown');
  return (
    <Item
      icon={
        <>
          {session.device ? icons[session.device] : <GlobeIcon />}
          <span className="visually-hidden">
            {session.device && t(`settings.sessions.devices.${session.device}`)}
          </span>
        </>
      }
      title={name}
      badges={session.current && <Badge tone="accent">{t('settings.sessions.current')}</Badge>}
      facts={[
        <>
          {t('settings.sessions.lastSeen')} <Moment at={session.last_seen_at} />
        </>,
        session.ip_address && t('settings.sessions.ip', { address: session.ip_address }),
        <>
          {t('settings.sessions.since')} {t(`settings.sessions.ways.${session.signed_in_with}`)}{' '}
          <Moment at={session.created_at} />
        </>,
      ]}
      actions={action?.({ name })}
    />
  );
}
