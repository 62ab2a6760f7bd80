// What an administrator sees of a person: facts, sessions, and what happened.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import { ItemList } from '../../ui/ItemList';
import { Loaded } from '../../ui/Loaded';
import { LoadMore } from '../../ui/LoadMore';
import { Day, Moment } from '../../ui/Time';
import { ActivityList } from '../security/ActivityList';
import { SessionItem } from '../security/SessionItem';
import type { AdminUserDetails } from './model';
import { userActivityQuery } from './queries';

type Props = { user: AdminUserDetails };

export function UserFacts({ user }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('admin.user.details')}>
      <Facts>
        <Fact name={t('admin.user.state')}>
          <State user={user} />
        </Fact>
        <Fact name={t('admin.user.email')}>
          {user.email}{' '}
          <Badge tone={user.email_verified ? 'good' : 'bad'}>
            {user.email_verified ? t('admin.user.confirmed') : t('admin.user.unconfirmed')}
          </Badge>
        </Fact>
        <Fact name={t('admin.user.role')}>{t(`account.roles.${user.role}`)}</Fact>
        <Fact name={t('admin.user.secondFactor')}>
          <Badge tone={user.second_factor ? 'good' : 'neutral'}>
            {user.second_factor ? t('admin.user.on') : t('admin.user.off')}
          </Badge>
        </Fact>
        <Fact name={t('admin.user.passkeys')}>{user.passkeys}</Fact>
        <Fact name={t('admin.user.tokens')}>{user.tokens}</Fact>
        <Fact name={t('admin.user.lastSeen')}>
          {user.last_seen_at ? <Moment at={user.last_seen_at} /> : t('admin.user.never')}
        </Fact>
        <Fact name={t('admin.user.since')}>
          <Day at={user.created_at} />
        </Fact>
        <Fact name={t('admin.user.id')}>
          <code>{user.id}</code>
        </Fact>
      </Facts>
    </Card>
  );
}

function State({ user: { disabled_at } }: Props) {
  const { t } = useTranslation();
  if (!disabled_at) return <Badge tone="good">{t('admin.user.active')}</Badge>;
  return (
    <>
      <Badge tone="bad">{t('admin.user.disabled')}</Badge>
      <span>
        {t('admin.user.disabledSince')} <Day at={disabled_at} />
      </span>
    </>
  );
}

export function UserSessions({ user: { sessions } }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t('admin.user.sessions')}>
      {sessions.length === 0 ? (
        <p>{t('admin.user.noSessions')}</p>
      ) : (
        <ItemList label={t('admin.user.sessions')}>
          {sessions.map((session) => (
            <SessionItem key={session.id} session={session} />
          ))}
        </ItemList>
      )}
    </Card>
  );
}

export function UserActivity({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(userActivityQuery(id));
  return (
    <Card title={t('admin.user.activity')}>
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          if (entries.length === 0) return <p>{t('admin.user.noActivity')}</p>;
          return <ActivityList entries={entries} owner={id} />;
        }}
      </Loaded>
      <LoadMore query={query} />
      <div>
        <ButtonLink to="/admin/audit" search={{ person: id }}>
          {t('admin.audit.open')}
        </ButtonLink>
      </div>
    </Card>
  );
}
