// /admin/users/$id: one person, as an administrator may know and help them.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { userQuery } from '../../features/admin/queries';
import { UserActions } from '../../features/admin/UserActions';
import { UserActivity, UserFacts, UserSessions } from '../../features/admin/UserParts';
import { ButtonLink } from '../../ui/Button';
import { BackIcon } from '../../ui/icons';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { PersonIcon } from '../../ui/settings-icons';
import styles from './UserPage.module.css';

const route = getRouteApi('/admin/users/$id');

export function UserPage() {
  const { id } = route.useParams();
  const { t } = useTranslation();
  const query = useQuery(userQuery(id));
  const isMissing = query.error !== null && [400, 404].includes(Problem.from(query.error).status);
  if (isMissing) return <Nobody />;
  if (query.data === undefined) {
    return query.error ? (
      <Page title={t('problems.title')} width="reading">
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    ) : (
      <Loaded query={query}>{() => null}</Loaded>
    );
  }
  const user = query.data;
  return (
    <div className={styles.frame}>
      <Link to="/admin/users" className={styles.back}>
        <BackIcon />
        {t('admin.user.back')}
      </Link>
      {/* A new person is a new page: its heading takes the focus. */}
      <Page key={id} title={user.username}>
        <div className={styles.columns}>
          <UserFacts user={user} />
          <div className={styles.actions}>
            <UserActions user={user} />
          </div>
          <div className={styles.past}>
            <UserSessions user={user} />
            <UserActivity id={id} />
          </div>
        </div>
      </Page>
    </div>
  );
}

function Nobody() {
  const { t } = useTranslation();
  return (
    <Page
      icon={<PersonIcon />}
      title={t('admin.user.missingTitle')}
      lead={t('admin.user.missing')}
      width="form"
    >
      <ButtonLink to="/admin/users">{t('admin.user.back')}</ButtonLink>
    </Page>
  );
}
